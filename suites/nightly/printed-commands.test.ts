import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Checkout } from "../gate/checkout.ts";
import { configFile, fewTold } from "../gate/ci/kept-shards.ts";
import { keep } from "../gate/evidence-on-disk.ts";
import { nextsIn, nextsOf } from "../gate/nexts.ts";
import { asked, bad, Pasting } from "../gate/pasting.ts";
import { type ToldMatrix, withExchanges } from "../trust/told-matrix.ts";

/** The commands that a NO-GO prints where another database, one cell or one shard is missing. */

let pasting: Pasting;
let checkout: Checkout;
beforeAll(async () => {
  pasting = await Pasting.open();
  checkout = pasting.checkout;
});
beforeEach(() => checkout.forgetRuns());
afterAll(() => pasting[Symbol.asyncDispose]());

test("from nothing to GO on another database than the usual one", async () => {
  const on = "--database mariadb-10.11";
  const run = await pasting.keptBy(`script/compat --api current --cell 'current/*/no-output' ${on}`);
  const listed = await checkout.paste(`script/interlock attested ${run} --policy --faults lost.json ${on}`);
  await checkout.put("other.json", listed.stdout);
  await checkout.forgetRuns();
  const before = await checkout.paste(`${asked("current", "other.json")} ${on}`);
  expect(before).toMatchObject({ exitCode: 2, stdout: expect.stringMatching(/^NO-GO: .* 0 of 24/) });
  const nexts = nextsIn(before.stdout);
  expect(nexts).toEqual([
    `script/compat --api current ${on}`,
    expect.stringMatching(/^script\/interlock replay lost\.json .* --database mariadb-10\.11$/),
  ]);
  expect(await pasting.all(nexts)).toEqual([0, 0]);
  const after = await checkout.paste(`${asked("current", "other.json")} ${on}`);
  expect(after).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^GO; 24 of 24/) });
});

/** Others were issued after its job: one at the head of a list cannot be taken out of a history unseen. */
const early = "current/v5-presto/no-output";

test("the one cell that a whole run left open is filled by its own command", async () => {
  const told = await fewTold();
  const options = { config: configFile };
  await keep(without(told, early), checkout.path(".interlock/runs"), options);
  const before = await checkout.paste(`${asked("current")} --json`);
  expect(before.exitCode).toBe(2);
  expect(JSON.parse(before.stdout).shown).toBe(22);
  const nexts = nextsOf(before.stdout);
  expect(nexts).toEqual([`script/compat --api current --cell ${early}`]);
  expect(await pasting.all(nexts)).toEqual([0]);
  expect((await checkout.paste(asked("current"))).exitCode).toBe(0);
});

/** As if the customer had never asked for this cell's job. */
function without(told: ToldMatrix, path: string): ToldMatrix {
  const number = told.cells.findIndex((cell) => cell.path === path) + 1;
  const final = told.events.find((event) => event.kind === "final" && event.number === number);
  if (final?.kind !== "final") throw new Error(`${path} has no end`);
  const { events, ...rest } = withExchanges(told, (exchange) =>
    exchange.job === final.job ? null : exchange,
  );
  return { ...rest, events: events.map((event, seq) => ({ ...event, seq })) };
}

test("the shard that a merge misses is filled by its command", async () => {
  await pasting.keptBy(`script/compat --shard 2/2 --api ${bad}`);
  const before = await checkout.paste("script/interlock merge .interlock/runs");
  const [, command = ""] = /shard 1\/2 is missing: (.+)$/m.exec(before.stdout) ?? [];
  expect(await pasting.all([command])).toEqual([1]);
  const { exitCode, stdout } = await checkout.paste("script/interlock merge .interlock/runs");
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 1, stdout: expect.not.stringContaining("missing") });
});

test("so is one that ran on another database and was dealt out by other times, where the merge is told; else it says so", async () => {
  // One cell takes as long as six others: both shards still have cells of each engine.
  const cells = (await fewTold()).cells.map(({ path }, i) => ({
    path,
    verdict: "pass",
    violations: [],
    millis: i === 0 ? 6_000 : 1_000,
  }));
  await checkout.put("result.json", { schema: 2, runId: "earlier", api: "current", cells });
  const told = "--database mariadb-10.11 --durations result.json";
  await pasting.keptBy(`script/compat --shard 2/2 ${told}`);
  const merging = async (flags: string) =>
    (await checkout.paste(`script/interlock merge .interlock/runs ${flags}`)).stdout;
  expect(await merging("")).toMatch(/^missing: shard 1\/2 is missing: interlock\.config\.ts is not what /m);
  const untimed = await merging("--database mariadb-10.11");
  expect(untimed).toMatch(/^missing: shard 1\/2 is missing: the others were dealt out by other times: /m);
  const [, command = ""] = /shard 1\/2 is missing: (.+)$/m.exec(await merging(told)) ?? [];
  expect(command).toMatch(
    /^script\/compat --shard 1\/2 .* --database mariadb-10\.11 --durations result\.json$/,
  );
  expect(await pasting.all([command])).toEqual([0]);
  expect(await merging(told)).toMatch(/^PASS: /m);
});
