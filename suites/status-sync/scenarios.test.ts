import { expect, test } from "vitest";
import { engines } from "../../contracts/job.ts";
import { basesOf } from "../../harness/explore/workloads.ts";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import { statementKinds } from "../../harness/schedule/statements.ts";
import { config, releases, runOn } from "./system.ts";

/** Do the builds in process know every scenario of the config? */

test("every kind of statement is tried by a scenario", () => {
  const tried = new Set<string>(config.scenarios.map(({ statement }) => statement.kind));
  expect(Object.keys(statementKinds).filter((kind) => !tried.has(kind))).toEqual([]);
});

const bases = basesOf(engines, config.scenarios, releases, 1);
const runs = await (await runOn())(bases.map(({ base }) => base));

test.each(bases.map(({ path }, i) => ({ path, run: runs[i] })))(
  "$path ends as promised without a fault",
  ({ run }) => {
    const { broken, loose } = judgeHistory(run?.events ?? []);
    expect({ broken, loose }).toEqual({ broken: [], loose: [] });
  },
);
