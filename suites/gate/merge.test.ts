import { cp, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engines } from "../../contracts/job.ts";
import { type Gathered, gatherAll } from "../../harness/gate/gather.ts";
import { type Merged, merge } from "../../harness/gate/merge.ts";
import type { Proof, ProvenCell } from "../../harness/gate/proof.ts";
import { recordedOfCells } from "../../harness/gate/recorded.ts";
import { type Cell, planCells } from "../../harness/matrix/cell.ts";
import { cellName, probeOf, shardsOf } from "../../harness/matrix/shards.ts";
import { mergeReport } from "../../harness/report/merge.ts";
import { evidenceFile } from "../../harness/run-files.ts";
import type { Probe } from "../../harness/schedule/schedule.ts";
import { options } from "../trust/mutant-builds.ts";
import { type ToldMatrix, toldMatrix, withExchanges, withRun } from "../trust/told-matrix.ts";
import { few } from "./ci/few.config.ts";
import { askGate, type Kept, keep } from "./evidence-on-disk.ts";

/** Shards of one matrix, put together from their files: they are the whole, or the verdict says what is wrong with them. */

let root: string;
/** The two shards of a matrix. */
let halves: ToldMatrix[];
let kept: Kept[];
let store: string;
let gathered: Gathered;

const cells = planCells(
  "current",
  engines,
  options.config.scenarios.filter(({ name }) => few.includes(name)),
);

async function toldPart(part: readonly Cell[], probe: Probe | undefined): Promise<ToldMatrix> {
  const names = new Set(part.map(cellName));
  const told = await toldMatrix((cell) => names.has(cellName(cell)), probe);
  return { ...told, events: withRun(told.events, { matrix: { cells: cells.length, engines } }) };
}

const toldShards = (of: number): Promise<ToldMatrix[]> =>
  Promise.all(shardsOf(cells, of).map((part, i) => toldPart(part, probeOf({ index: i + 1, of }))));
const folder = () => mkdtemp(join(root, "store-"));

async function keepAll(told: readonly ToldMatrix[], within: string): Promise<Kept[]> {
  const all: Kept[] = [];
  for (const [i, one] of told.entries())
    all.push(
      await keep(one, within, { shard: told.length === 1 ? null : { index: i + 1, of: told.length } }),
    );
  return all;
}

const gatherIn = (place: string): Promise<Gathered> => gatherAll([place], { keys: [], note: () => {} });

async function merged(place: string): Promise<Merged> {
  const { proofs, damaged } = await gatherIn(place);
  return merge(proofs, damaged);
}

const shard = { index: 2, of: 2 };

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "interlock-merge-"));
  halves = await toldShards(2);
  store = await folder();
  kept = await keepAll(halves, store);
  const { proofs, damaged } = await gatherIn(store);
  gathered = { damaged, proofs: proofs.toSorted((a, b) => (a.shard?.index ?? 0) - (b.shard?.index ?? 0)) };
});
afterAll(() => rm(root, { recursive: true, force: true }));

test("1, 2 and 4 shards come to byte-equal results, all green", async () => {
  const results = [];
  for (const of of [1, 2, 4]) {
    const place = of === 2 ? store : await folder();
    if (of !== 2) await keepAll(await toldShards(of), place);
    const report = mergeReport(await merged(place));
    expect(report).toMatchObject({ verdict: "pass", reasons: [] });
    results.push([report.text, JSON.stringify(report.data)]);
  }
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
  expect(results[0]?.[0]).toBe("PASS: 21 of 21 cells pass on API current, merged");
});

test("the gate takes shards for the whole that they make up, and one of them for a part", async () => {
  expect(await askGate(store, kept[0] as Kept, { scenarios: few, probe: true })).toMatchObject({
    decision: "GO",
    exit: 0,
  });
  const part = await folder();
  await cp((kept[0] as Kept).folder, join(part, "run"), { recursive: true });
  expect(await askGate(part, kept[0] as Kept, { scenarios: few, probe: true })).toMatchObject({
    decision: "NO-GO",
    exit: 2,
  });
});

test("a cell that is red comes with what its shard recorded of its job", async () => {
  const [first, second] = gathered.proofs as [Proof, Proof];
  const [cell, ...others] = first.cells as [ProvenCell, ...ProvenCell[]];
  const broken = [{ invariant: "I4", message: "lost" }];
  const proofs = [
    { ...first, cells: [{ ...cell, verdict: "violation" as const, broken }, ...others] },
    second,
  ];
  const found = merge(proofs, []);
  const report = mergeReport(found, await recordedOfCells(found.cells, proofs));
  const told = report.cases.filter(({ histories }) => histories !== undefined);
  expect(told).toMatchObject([
    { path: `current/${cell.cell}`, verdict: "violation", histories: [{ about: 1 }] },
  ]);
  expect(told[0]?.histories?.[0]?.events[0]).toMatchObject({ kind: "run", id: first.run });
});

describe("what is no whole has no green verdict", () => {
  type Change = (first: Proof, second: Proof) => Gathered["proofs"];
  const renamed = ({ builds }: Proof) => builds.map((one) => ({ ...one, release: "next" }));
  const attacks: Record<string, [said: RegExp, change: Change]> = {
    "a shard that is missing": [
      /^shard 2\/2 is missing: script\/compat --shard 2\/2 --api current --worker v5=current --worker v6=current$/,
      (first) => [first],
    ],
    "a shard twice": [/^shard 2\/2, attempt 1, is there 2 times/, (first, last) => [first, last, last]],
    "a shard in the place of another": [/^shard 2\/2 is missing/, (first) => [first, first]],
    "a shard of another number": [
      /is shard 1\/3, and /,
      (first, last) => [first, last, { ...first, shard: { index: 1, of: 3 } }],
    ],
    "a whole run beside the shards": [
      /is shard 1\/1, and /,
      (first, last) => [first, last, { ...first, shard: null }],
    ],
    "a shard of other builds": [
      /is of other builds than/,
      (first, last) => [first, { ...last, builds: renamed(last) }],
    ],
    "a shard on another database": [
      /is of another database than/,
      (first, last) => [first, { ...last, images: { mysql: "sha256:other" } }],
    ],
    "a shard on a database that is set otherwise": [
      /^\S+ is of a database that is set otherwise than that of \S+: sql_mode "STRICT_TRANS_TABLES" and ""$/,
      (first, last) => [first, { ...last, settings: { ...last.settings, sql_mode: "" } }],
    ],
    "a first shard on a database that is set otherwise": [
      /^\S+ is of a database that is set otherwise than that of \S+: sql_mode "" and "STRICT_TRANS_TABLES"$/,
      (first, last) => [{ ...first, settings: { ...first.settings, sql_mode: "" } }, last],
    ],
    "a shard on a database with one setting more": [
      /set otherwise than that of \S+: max_connections is not there and "7"$/,
      (first, last) => [first, { ...last, settings: { ...last.settings, max_connections: "7" } }],
    ],
    "a shard on a database of which nobody has seen how it is set": [
      /set otherwise than that of \S+: sql_mode "STRICT_TRANS_TABLES" and is not there$/,
      (first, last) => [first, { ...last, settings: null }],
    ],
    "a shard of another commit": [
      /is of another config, .*, than/,
      (first, last) => [first, { ...last, inputs: { ...last.inputs, config: "other" } }],
    ],
    "a shard of another version of Interlock": [
      /is of another Interlock than/,
      (first, last) => [first, { ...last, inputs: { ...last.inputs, harness: "0".repeat(64) } }],
    ],
    "a shard that broke something on purpose": [
      /shows nothing: it had 1 faults/,
      (first, last) => [first, { ...last, unfit: "it had 1 faults" }],
    ],
    "a shard of no containers": [
      /shows nothing: it ran on the rig simulated/,
      (first, last) => [first, { ...last, rig: "simulated" }],
    ],
    "a shard of another matrix": [
      /is of another matrix than/,
      (first, last) => [
        first,
        { ...last, part: last.part && { ...last.part, matrix: { cells: 30, engines } } },
      ],
    ],
    "a cell in two shards": [
      /is in 2 shards/,
      (first, last) => [first, { ...last, cells: [...last.cells, ...first.cells.slice(0, 1)] }],
    ],
    "a shard without a cell": [/has no cell/, (first, last) => [first, { ...last, cells: [] }]],
    "a shard that could not be judged whole": [
      /not all of it could be judged/,
      (first, last) => [first, { ...last, part: null }],
    ],
    "no shard at all": [/^there is no shard/, () => []],
  };

  test.each(Object.entries(attacks))("%s", (_, [said, change]) => {
    const [first, last] = gathered.proofs as [Proof, Proof];
    const { verdict, reasons } = merge(change(first, last), []);
    expect(verdict).toBe("missing");
    expect(reasons.some((reason) => said.test(reason))).toBe(true);
  });

  test.each([
    ["that was cut", (run: string) => truncate(join(run, "history.jsonl"), 10_000)],
    ["that is empty", (run: string) => writeFile(join(run, evidenceFile), "")],
  ])("a shard %s", async (_, change) => {
    const place = await folder();
    const run = join(place, "run");
    await cp((kept[1] as Kept).folder, run, { recursive: true });
    await change(run);
    const { verdict, reasons } = merge((await gatherIn(place)).proofs, (await gatherIn(place)).damaged);
    expect(verdict).toBe("missing");
    expect(reasons.join("\n")).toMatch(/damaged/);
  });

  test.each([
    [
      "a part that calls itself a shard",
      (all: Cell[]) => all.slice(1),
      true as const,
      /they are a part: 20 of 21 cells/,
    ],
    ["a matrix without the probe", (all: Cell[]) => all, undefined, /no part of it put the API to the test/],
  ])("%s", async (_, choose, probe, said) => {
    const place = await folder();
    await keep(await toldPart(choose([...(halves[1] as ToldMatrix).cells]), probe), place, { shard });
    const [first] = gathered.proofs as [Proof];
    const unprobed = (proof: Proof): Proof => ({ ...proof, isProbed: probe === true });
    const { verdict, reasons } = merge([unprobed(first), ...(await gatherIn(place)).proofs], []);
    expect(verdict).toBe("missing");
    expect(reasons.some((reason) => said.test(reason))).toBe(true);
  });

  test("a matrix whose config cannot have the probe, as its history says, is not asked for it", () => {
    const saying = (unprobed?: string) =>
      gathered.proofs.map((proof): Proof => {
        const { part } = proof;
        const matrix = part && { ...part.matrix, ...(unprobed === undefined ? {} : { unprobed }) };
        return { ...proof, isProbed: false, part: part && matrix && { ...part, matrix } };
      });
    const asked = (proofs: Proof[]) =>
      merge(proofs, []).reasons.filter((reason) => reason.includes("--probe"));
    expect(asked(saying("`workerTokens` is not in the config"))).toEqual([]);
    expect(asked(saying())).toHaveLength(1);
  });
});

describe("of several attempts at a shard the newest counts", () => {
  const lying = () =>
    withExchanges(halves[1] as ToldMatrix, (exchange) =>
      exchange.operation === "job.show" && exchange.outcome === "ok"
        ? { ...exchange, reply: { ...Object(exchange.reply), num_records: 4711 } }
        : exchange,
    );

  test("a red one after a green one is red, a green one after a red one green", async () => {
    const place = await folder();
    await keep(lying(), place, { shard, attempt: 2 });
    const [red] = (await gatherIn(place)).proofs as [Proof];
    const [first, last] = gathered.proofs as [Proof, Proof];
    const { verdict, reasons } = merge([red, first, last], []);
    expect(verdict).toBe("violation");
    expect(reasons[0]).toMatch(/^\d+ cells: violation$/);
    expect(merge([red, first, { ...last, attempt: 3 }], [])).toMatchObject({ verdict: "pass", reasons: [] });
  });
});
