import { describe, expect, test } from "vitest";
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
import { wordsOf } from "./checkout.ts";
import { isCommand, nextsIn, nextsOf } from "./nexts.ts";

/** What is printed for each finding; `printed-commands.test.ts` carries some of it out. */

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
    const { text, data } = gateReport(decision, {
      candidate: question.candidate,
      deployed: "0".repeat(64),
      decidedAt: question.now,
      further,
    });
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
