import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CellResult, type Verdict, verdicts } from "./cells/cell.ts";
import type { HistoryEvent } from "./history/event.ts";
import { looseMismatches, summarise } from "./result.ts";
import { exchangeEvent } from "./testing/events.ts";

const cell = (verdict: Verdict): CellResult => ({
  path: `current/v5-presto/${verdict}`,
  verdict,
  violations: [],
  story: [],
  job: "1",
  millis: 1,
});
const identity = (digest: string) => ({
  component: "api",
  release: "current",
  digest,
  image: null,
  probe: "refuses",
});

const summaryOf = (cells: Verdict[], digests: string[], loose: string[] = []) =>
  summarise({
    runId: "run",
    api: "current",
    folder: ".interlock/runs/run",
    startedAt: "2015-08-24T14:44:00.000Z",
    millis: 10,
    identities: digests.map(identity),
    cells: cells.map(cell),
    triggers: {},
    loose,
  });

describe("a run", () => {
  test.each<[Verdict[], string[], string[], Verdict, number, string[]]>([
    [["pass"], ["d"], [], "pass", 0, []],
    [[], ["d"], [], "missing", 2, ["no cell was tried"]],
    [["pass"], [], [], "missing", 2, ["a component's version is not attested"]],
    [["pass"], ["d", ""], [], "missing", 2, ["a component's version is not attested"]],
    [["pass", "missing"], ["d"], [], "missing", 2, ["1 cells have no verdict"]],
    [["pass", "infrastructure"], ["d"], [], "infrastructure", 3, ["1 cells could not be tried"]],
    [["pass", "violation"], ["d"], [], "violation", 1, ["1 cells broke a promise"]],
    [["pass"], ["d"], ["x"], "violation", 1, ["1 exchanges outside of any job departed from the contract"]],
    [
      ["infrastructure", "missing"],
      ["d"],
      [],
      "infrastructure",
      3,
      ["1 cells could not be tried", "1 cells have no verdict"],
    ],
    [
      ["violation", "infrastructure"],
      [""],
      [],
      "violation",
      1,
      ["1 cells broke a promise", "1 cells could not be tried", "a component's version is not attested"],
    ],
  ])("with cells %j, digests %j and loose %j", (cells, digests, loose, verdict, exit, reasons) => {
    expect(summaryOf(cells, digests, loose)).toMatchObject({ verdict, exit, reasons });
  });

  test("is green only if there is a cell, all are green, all is attested and nothing is loose", () => {
    const anyCells = fc.array(fc.constantFrom("pass", "pass", "pass", ...verdicts), { maxLength: 4 });
    const anyDigests = fc.array(fc.constantFrom("d", "d", "d", ""), { maxLength: 3 });
    const anyLoose = fc.array(fc.constant("x"), { maxLength: 1 });
    fc.assert(
      fc.property(anyCells, anyDigests, anyLoose, (cells, digests, loose) => {
        const { exit, verdict, reasons } = summaryOf(cells, digests, loose);
        const green =
          cells.length > 0 &&
          cells.every((one) => one === "pass") &&
          digests.length > 0 &&
          !digests.includes("") &&
          loose.length === 0;
        expect({ exit: exit === 0, verdict: verdict === "pass", quiet: reasons.length === 0 }).toEqual({
          exit: green,
          verdict: green,
          quiet: green,
        });
      }),
      { numRuns: 500 },
    );
  });

  test("counts its cells by verdict", () => {
    expect(summaryOf(["pass", "violation", "pass"], ["d"]).counts).toEqual({
      pass: 2,
      violation: 1,
      missing: 0,
      infrastructure: 0,
    });
  });

  test("keeps all that was gathered", () => {
    expect(summaryOf(["pass"], ["d"])).toMatchObject({
      schema: 1,
      runId: "run",
      api: "current",
      millis: 10,
      folder: ".interlock/runs/run",
      cells: [{ path: "current/v5-presto/pass" }],
      identities: [{ component: "api" }],
    });
  });
});

describe("a departure from the contract is loose", () => {
  const events: HistoryEvent[] = [
    { seq: 0, at: 0, kind: "component", component: "api", what: "ready", detail: "" },
    exchangeEvent({ job: null, operation: "worker.claim", mismatches: ["request: a", "reply: b"] }),
    exchangeEvent({ job: null, operation: "worker.claim", mismatches: ["reply: b"] }),
    exchangeEvent({ job: "1", mismatches: ["reply: of a cell"] }),
    exchangeEvent({ job: "9", operation: null, method: "GET", path: "/x", mismatches: ["request: c"] }),
    exchangeEvent({ job: null }),
  ];

  test("unless it is about the job of a cell; each is told once, with its number", () => {
    expect(looseMismatches(events, new Set(["1", null]))).toEqual([
      "worker-v5 -> api, worker.claim: request: a",
      "worker-v5 -> api, worker.claim: reply: b (2 times)",
      "worker-v5 -> api, GET /x: request: c",
    ]);
  });

  test("and none is, where every exchange was as the contract says", () => {
    expect(looseMismatches([exchangeEvent({ job: null })], new Set())).toEqual([]);
  });
});
