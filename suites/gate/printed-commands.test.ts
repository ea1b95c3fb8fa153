import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type ToldMatrix, withExchanges } from "../trust/told-matrix.ts";
import { Checkout } from "./checkout.ts";
import { configFile, fewTold } from "./ci/kept-shards.ts";
import { keep } from "./evidence-on-disk.ts";
import { isCommand, nextsIn, nextsOf } from "./nexts.ts";

/** The commands that a NO-GO prints, pasted into a shell: what they leave is what was missing. */

let checkout: Checkout;
const pair = generateKeyPairSync("ed25519");
const bad = "2015-08-24";

const lost = {
  format: 2,
  workload: { jobs: [{ scenario: "web", engine: "presto" }], workers: 1 },
  releases: { api: bad, workers: {} },
  seed: 1,
  faults: [
    {
      at: { link: "worker->api", operation: "worker.finish", job: 1, occurrence: 1, phase: "after" },
      fault: { kind: "lost" },
    },
  ],
};

beforeAll(async () => {
  checkout = await Checkout.open();
  await checkout.put("lost.json", lost);
  for (const release of ["current", bad]) {
    const run = await keptBy(`script/compat --api ${release} --cell '${release}/*/no-output'`);
    const printed = async (flags: string) =>
      (await checkout.paste(`script/interlock attested ${run} ${flags}`)).stdout;
    await checkout.put(`${release}.json`, await printed("--component api"));
    if (release !== "current") continue;
    await checkout.put("live.json", await printed("--policy"));
    await checkout.put("faults.json", await printed("--policy --faults lost.json"));
  }
  const { privateKey } = pair;
  await checkout.put("KEY", privateKey.export({ type: "pkcs8", format: "pem" }).toString());
});
beforeEach(() => checkout.forgetRuns());
afterAll(() => checkout[Symbol.asyncDispose]());

async function keptBy(line: string): Promise<string> {
  const { stdout, stderr } = await checkout.paste(line);
  expect([line, stderr]).toEqual([line, ""]);
  return stdout.replace("kept in ", "");
}

const asked = (candidate: string, live = "live.json") =>
  `script/interlock gate --deployed ${live} --candidate ${candidate}.json`;

async function pasteAll(lines: readonly string[]): Promise<(number | undefined)[]> {
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.filter((line) => !isCommand(line))).toEqual([]);
  const codes: (number | undefined)[] = [];
  for (const line of lines) codes.push((await checkout.paste(line)).exitCode);
  return codes;
}

test("from nothing to GO, where evidence must be signed and a schedule be passed", async () => {
  const { stdout: text } = await checkout.call("cat", "faults.json");
  const { policy, ...rest } = JSON.parse(text);
  const keys = [pair.publicKey.export({ type: "spki", format: "pem" })];
  await checkout.put("signed.json", { ...rest, policy: { ...policy, keys } });
  const before = await checkout.paste(asked("current", "signed.json"));
  expect(before).toMatchObject({ exitCode: 2, stdout: expect.stringMatching(/^NO-GO: .* 0 of 24/) });
  const nexts = nextsIn(before.stdout);
  expect(nexts).toEqual([
    "script/compat --api current --sign KEY",
    expect.stringMatching(/^script\/interlock replay lost\.json .* --sign KEY$/),
  ]);
  expect(await pasteAll(nexts)).toEqual([0, 0]);
  const after = await checkout.paste(asked("current", "signed.json"));
  expect(after).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^GO; 24 of 24/) });

  // What the deployment asks.
  const { stdout: go } = await checkout.paste(`${asked("current", "signed.json")} --json`);
  await checkout.put("GO.json", go);
  await checkout.put("cut.json", go.slice(0, -20));
  const holds = async (file: string, live: string, candidate: string) =>
    (await checkout.paste(`script/interlock holds ${file} --deployed ${live} --candidate ${candidate}.json`))
      .exitCode;
  expect(await holds("GO.json", "signed.json", "current")).toBe(0);
  expect(await holds("GO.json", "signed.json", bad)).toBe(2);
  expect(await holds("GO.json", "faults.json", "current")).toBe(2);
  expect(await holds("cut.json", "signed.json", "current")).toBe(64);
});

test("from nothing to GO on another database than the usual one", async () => {
  const on = "--database mariadb-10.11";
  const run = await keptBy(`script/compat --api current --cell 'current/*/no-output' ${on}`);
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
  expect(await pasteAll(nexts)).toEqual([0, 0]);
  const after = await checkout.paste(`${asked("current", "other.json")} ${on}`);
  expect(after).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^GO; 24 of 24/) });
});

test("a bad candidate stays NO-GO, and the checks say the same as the gate", async () => {
  const before = await checkout.paste(asked(bad));
  expect(before.exitCode).toBe(2);
  expect(await pasteAll(nextsIn(before.stdout))).toEqual([1]);
  const found = await checkout.paste(asked(bad));
  expect(found.exitCode).toBe(1);
  const checks = nextsIn(found.stdout).filter((line) => line.startsWith("script/interlock check "));
  expect(await pasteAll(checks)).toEqual([1]);
  const { exitCode, stdout } = await checkout.paste(asked(bad));
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: found.stdout });
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
  expect(await pasteAll(nexts)).toEqual([0]);
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
  await keptBy(`script/compat --shard 2/2 --api ${bad}`);
  const before = await checkout.paste("script/interlock merge .interlock/runs");
  const [, command = ""] = /shard 1\/2 is missing: (.+)$/m.exec(before.stdout) ?? [];
  expect(await pasteAll([command])).toEqual([1]);
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
  await keptBy(`script/compat --shard 2/2 ${told}`);
  const merging = async (flags: string) =>
    (await checkout.paste(`script/interlock merge .interlock/runs ${flags}`)).stdout;
  expect(await merging("")).toMatch(/^missing: shard 1\/2 is missing: interlock\.config\.ts is not what /m);
  const untimed = await merging("--database mariadb-10.11");
  expect(untimed).toMatch(/^missing: shard 1\/2 is missing: the others were dealt out by other times: /m);
  const [, command = ""] = /shard 1\/2 is missing: (.+)$/m.exec(await merging(told)) ?? [];
  expect(command).toMatch(
    /^script\/compat --shard 1\/2 .* --database mariadb-10\.11 --durations result\.json$/,
  );
  expect(await pasteAll([command])).toEqual([0]);
  expect(await merging(told)).toMatch(/^PASS: /m);
});
