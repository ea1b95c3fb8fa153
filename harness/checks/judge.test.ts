import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jobStatuses, terminalStatuses } from "../../contracts/job.ts";
import type { Output, Scenario } from "../schedule/scenario.ts";
import { factsOf, keptFacts, scenarioOf, source } from "../testing/facts.ts";
import type { CellFacts } from "./check.ts";
import { checks, judge, triggerCounts } from "./judge.ts";

const before = [[7, "OLD"]];
const statement = fc
  .constantFrom("select", "insert-into", "create-table", "endless")
  .map((kind) => ({ kind }) as const);
const outputs: (Output | null)[] = [
  null,
  { kind: "web" },
  { kind: "mysql", mode: "append", before },
  { kind: "mysql", mode: "update", unique: ["id"], before },
];
const keptScenario: fc.Arbitrary<Scenario> = fc
  .record({
    statement,
    output: fc.constantFrom(...outputs),
    ending: fc.constantFrom(...terminalStatuses),
    rows: fc.constantFrom([], source.rows),
  })
  .map(({ rows, ...more }) => scenarioOf({ ...more, source: { ...source, rows } }));
const refusedScenario = fc.constant(scenarioOf({ output: { kind: "invalid", url: "x" }, ending: "refused" }));
const anyScenario = fc.oneof({ weight: 5, arbitrary: keptScenario }, refusedScenario);

const rows = fc.option(
  fc.constantFrom([], [[1, "A"]], source.rows, [...source.rows, ...source.rows], before),
);
const status = fc.constantFrom(...jobStatuses);
const anyFacts: fc.Arbitrary<CellFacts> = fc.record({
  scenario: anyScenario,
  accepted: fc.boolean(),
  refusal: fc.option(fc.constant("no")),
  refusalStatus: fc.option(fc.constantFrom(422, 500)),
  reads: fc.array(status, { maxLength: 4 }),
  stored: fc.option(status),
  listed: fc.boolean(),
  atDestination: rows,
  deliveries: fc.option(fc.nat(2)),
  inWarehouse: rows,
  result: rows,
  mismatches: fc.array(fc.constant("a -> api: one"), { maxLength: 1 }),
});

describe("every check", () => {
  test.each(checks)("$id says what it promises in one sentence", ({ definition }) => {
    expect(definition).toMatch(/^[A-Z].+\.$/s);
  });

  test("has an id of its own", () => {
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  });

  test("is silent on a job that went as promised", () => {
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        expect(judge(keptFacts(scenario))).toEqual([]);
      }),
    );
  });

  test("says the same of the same facts, and changes none", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const copy = structuredClone(facts);
        expect(judge(facts)).toEqual(judge(copy));
        expect(facts).toEqual(copy);
      }),
    );
  });

  test("is silent where it does not apply", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const applying = checks.filter(({ applies }) => applies(facts)).map(({ id }) => id);
        expect(judge(facts).filter(({ check }) => !applying.includes(check))).toEqual([]);
      }),
    );
  });

  test("is put to the test by some job, and all but the contract and the ending are not by some other", () => {
    const refused = factsOf({ ending: "refused", output: { kind: "invalid", url: "x" } });
    expect(triggerCounts([factsOf(), factsOf({ output: null }), refused])).toEqual({
      I4: 1,
      I3: 2,
      I1: 2,
      L1: 2,
      ending: 3,
      contract: 3,
    });
    expect(triggerCounts([])).toEqual({ I4: 0, I3: 0, I1: 0, L1: 0, ending: 0, contract: 0 });
  });
});

describe("one fact that is wrong", () => {
  const wrongs: [string, (facts: CellFacts) => Partial<CellFacts> | null][] = [
    [
      "the last status read",
      ({ reads, scenario }) => last(reads, scenario.ending === "error" ? "killed" : "error"),
    ],
    ["no end", ({ reads }) => last(reads, "running")],
    [
      "the status stored",
      ({ stored, accepted }) => (accepted ? { stored: stored === "error" ? "success" : "error" } : null),
    ],
    ["the list of jobs", ({ accepted }) => (accepted ? { listed: false } : null)],
    ["a row more at the destination", ({ atDestination }) => more("atDestination", atDestination)],
    ["a row less at the destination", ({ atDestination }) => less("atDestination", atDestination)],
    ["a delivery more", ({ deliveries }) => (deliveries === null ? null : { deliveries: deliveries + 1 })],
    ["a row more in the warehouse", ({ inWarehouse }) => more("inWarehouse", inWarehouse)],
    ["a row less in the warehouse", ({ inWarehouse }) => less("inWarehouse", inWarehouse)],
    ["a row more in the result", ({ result }) => more("result", result)],
    ["a row less in the result", ({ result }) => less("result", result)],
    ["no result", ({ result }) => (result === null ? null : { result: null })],
    ["a departure from the contract", () => ({ mismatches: ["a -> api: one"] })],
    [
      "a job that was not taken",
      ({ accepted }) => (accepted ? { accepted: false, refusal: "no", reads: [] } : null),
    ],
    ["a job that was taken", ({ accepted }) => (accepted ? null : { accepted: true })],
    ["a refusal by a fault", ({ accepted }) => (accepted ? null : { refusalStatus: 500 })],
  ];

  test.each(wrongs)("is noticed: %s", (_, wrong) => {
    let tried = 0;
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        const facts = keptFacts(scenario);
        const change = wrong(facts);
        if (change === null) return;
        tried += 1;
        expect(judge({ ...facts, ...change })).not.toEqual([]);
      }),
    );
    expect(tried).toBeGreaterThan(0);
  });

  const last = (reads: CellFacts["reads"], status: CellFacts["reads"][number]) =>
    reads.length === 0 ? null : { reads: [...reads.slice(0, -1), status] };
  const more = (name: string, found: CellFacts["result"]) =>
    found === null ? null : { [name]: [...found, [9, "NEW"]] };
  const less = (name: string, found: CellFacts["result"]) =>
    found === null || found.length === 0 ? null : { [name]: found.slice(1) };
});
