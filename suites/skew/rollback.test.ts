import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { allBroken, judgeHistory } from "../../harness/invariants/judge.ts";
import { parseRunnable } from "../../harness/replay/counterexample.ts";
import type { Run } from "../../harness/rigs/run.ts";
import { rolledFrom } from "../../harness/skew/roll.ts";
import { openRig } from "./rig.ts";

/** Plans of incidents in which a deploy had to be taken back. */

const folder = "suites/incidents/2019-09-03-stream-import";

async function rolled(file: string, to: string): Promise<Run> {
  const path = `${folder}/${file}`;
  const { schedule } = parseRunnable(await readFile(path, "utf8"), path);
  await using rig = await openRig();
  const [run] = await rig.run([rolledFrom(schedule, schedule.releases, { api: to, workers: {} })]);
  return run as Run;
}

const brokenIn = ({ events, unfired }: Run) => ({
  unfired,
  broken: allBroken(judgeHistory(events)).map(({ invariant, witnesses }) => ({
    invariant,
    times: witnesses.length,
  })),
});

test("2019-09-03: a release whose processes wait for their imports cannot be taken back while they hold some", async () => {
  const run = await rolled("rollback.json", "end-waits-for-imports");
  expect(brokenIn(run)).toEqual({ unfired: [], broken: [{ invariant: "D", times: 2 }] });
});

test("the same release is taken back where what a process holds is left to the others, and nothing of it is lost", async () => {
  const run = await rolled("rollback.json", "slow-imports");
  expect(brokenIn(run)).toEqual({ unfired: [], broken: [] });
});
