import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { commandLine } from "../../harness/commands/program.ts";
import { decide } from "../../harness/gate/decide.ts";
import type { Question } from "../../harness/gate/question.ts";
import {
  buildOf,
  candidateRun,
  deployed,
  live,
  plan,
  questionWith,
  red,
  runWith,
} from "../../harness/gate/testing/question.ts";
import { gateReport } from "../../harness/report/gate.ts";
import { type ToldMatrix, withExchanges } from "../trust/told-matrix.ts";
import { Checkout, wordsOf } from "./checkout.ts";
import { configFile, fewTold } from "./ci/kept-shards.ts";
import { keep } from "./evidence-on-disk.ts";

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

/** What a report says to do next, each once: in a line, or in JSON. */
const nextsIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/^ {2}next: (.+)$/gm)].map(([, line]) => line as string)),
];
const nextsOf = (json: string): string[] => [
  ...new Set((JSON.parse(json).findings as { next: string }[]).map(({ next }) => next)),
];
const isCommand = (line: string) => line.startsWith("script/");

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

describe("whatever is asked, each finding has a next step, and each command is one of Interlock's", () => {
  const worker = buildOf("worker-v5", "b2", "the worker's next");
  const gone = buildOf("api", "a3", "gone");
  const policy = { ...deployed.policy, keys: ["PUBLIC KEY"] };
  const questions: Record<string, Partial<Question>> = {
    "no evidence": { proofs: [] },
    "no evidence, which must be signed": { proofs: [], deployed: { ...deployed, policy } },
    "what broke": { proofs: [red] },
    trouble: { proofs: [runWith({ verdict: "infrastructure", reason: "the disk is full" })] },
    "a cell without a verdict": { proofs: [runWith({ verdict: "missing", reason: "not issued" })] },
    "a departure outside of any job": { proofs: [candidateRun({ loose: ["it is odd"] })] },
    "a worker": { candidate: [worker], proofs: [] },
    "an API and a worker": { candidate: [buildOf("api", "a2", "it's -- odd"), worker], proofs: [] },
    "an API that the config has not": { candidate: [gone], proofs: [] },
    "a cell that the config has lost": {
      plan: { ...plan, scenarios: new Map([...plan.scenarios].slice(1)) },
    },
    "another scenario": {
      plan: { ...plan, scenarios: new Map([...plan.scenarios].map(([cell]) => [cell, "easier"])) },
    },
    "two databases": {
      deployed: { ...deployed, builds: [...live, buildOf("mysql", "d1"), buildOf("mysql", "d2")] },
    },
    "a list that is old": { deployed: { ...deployed, at: "2015-08-24T14:44:00Z" } },
    "a schedule that nobody has run": {
      deployed: {
        ...deployed,
        policy: {
          ...deployed.policy,
          faults: [{ file: "its own.json", digest: "1".repeat(64), engines: ["v5-presto"] }],
        },
      },
    },
    "a comparison of costs that nobody has made": {
      deployed: {
        ...deployed,
        policy: { ...deployed.policy, cost: { finished: 100_000, jobs: 300, budgets: {} } },
      },
    },
    "a plan that nobody has run": {
      deployed: {
        ...deployed,
        policy: {
          ...deployed.policy,
          plans: [{ file: "plans/api.json", digest: "2".repeat(64), changes: ["api"], needs: ["v5"] }],
        },
      },
    },
    "a mutant that nobody has caught": {
      deployed: {
        ...deployed,
        policy: {
          ...deployed.policy,
          kills: [
            {
              file: "kills/m.json",
              digest: "3".repeat(64),
              releases: { api: "current", workers: { v5: "current" } },
              invariant: "I4",
            },
          ],
        },
      },
    },
    "damaged evidence": { damaged: [{ folder: "runs/it's", damage: "it was cut" }] },
    "a known failure that nothing meets": {
      known: [
        {
          cell: "v5-presto/web",
          invariant: "I4",
          message: "0 rows where 4 belong",
          reason: "it is to be retired",
          owner: "mika",
          expires: "2026-12-01T00:00:00Z",
        },
      ],
    },
  };

  test.each(Object.entries(questions))("%s", async (_, more) => {
    const question = questionWith(more);
    const decision = decide(question);
    expect(decision.decision).toBe("NO-GO");
    const further = ["--config", "my own.config.ts", "--database", "mariadb-10.11", "--sign", "KEY"];
    const { text, data } = gateReport(decision, { candidate: question.candidate, further });
    const nexts = [...nextsIn(text), ...nextsOf(JSON.stringify(data))];
    expect(nexts.length).toBeGreaterThan(0);
    for (const next of nexts) expect(next).toMatch(/\S/);
    for (const line of nexts.filter(isCommand)) expect([line, await usageError(line)]).toEqual([line, null]);
  });

  test.each([
    [
      "an API that the config has not",
      "give the config all of these releases: api gone, v5 current, v6 current",
    ],
    ["a cell that the config has lost", "put it back into the config"],
    ["another scenario", "run what is live with this one"],
  ])("no command is printed for %s: none would help", (name, todo) => {
    const { findings } = decide(questionWith(questions[name]));
    // A whole matrix of other cells is another matter.
    const nexts = findings.flatMap(({ cell, next }) => (cell === null && "run" in next ? [] : [next]));
    expect(nexts.length).toBeGreaterThan(0);
    expect(nexts).toEqual(nexts.map(() => ({ do: expect.stringContaining(todo) })));
  });

  test("a command that is none is noticed", async () => {
    expect(await usageError("script/compat --apis current")).toMatch(/unknown option/);
    expect(await usageError("script/interlock chek x")).toMatch(/unknown command/);
    expect(await usageError("script/interlock check")).toMatch(/missing required argument/);
  });
});

/** What the real command line says against a line; null where it would do what it is asked. */
async function usageError(line: string): Promise<string | null> {
  const [script, ...argv] = wordsOf(line);
  const program = commandLine(() => {});
  program.configureOutput({ writeErr: () => {} });
  for (const command of program.commands) command.action(() => {}).configureOutput({ writeErr: () => {} });
  try {
    await program.parseAsync(script === "script/compat" ? ["run", ...argv] : argv, { from: "user" });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
