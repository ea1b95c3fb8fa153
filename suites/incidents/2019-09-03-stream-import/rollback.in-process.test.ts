import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { allBroken, judgeHistory } from "../../../harness/invariants/judge.ts";
import { parseRunnable } from "../../../harness/replay/counterexample.ts";
import type { Run } from "../../../harness/rigs/run.ts";
import { rolledFrom } from "../../../harness/skew/roll.ts";
import { openRig } from "../../skew/rig.ts";

/** Plans of incidents: ways back from a deploy that went wrong. */

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

test("the way out of 2019-09-03: beside a fleet that holds chunks a new one begins, takes its calls over, and finishes what it leaves", async () => {
  const run = await rolled("new-fleet.json", "current");
  expect(brokenIn(run)).toEqual({ unfired: [], broken: [] });
  const served = run.events.flatMap((event) =>
    event.kind === "exchange" && event.server !== undefined ? [event.server] : [],
  );
  expect(new Set(served)).toEqual(new Set(["api", "api-2", "api.life-2", "api-2.life-2"]));
  // Each of the first is taken out in its turn, before the run is over.
  expect(served.lastIndexOf("api")).toBeLessThan(served.lastIndexOf("api-2"));
  expect(served.lastIndexOf("api-2")).toBeLessThan(served.lastIndexOf("api-2.life-2"));
});

test("a new fleet that does not finish what the other one held loses it", async () => {
  const { broken } = brokenIn(await rolled("new-fleet.json", "chunks-of-their-process"));
  expect(broken.map(({ invariant }) => invariant)).toContain("I9");
});
