import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { allBroken, judgeHistory } from "../../../harness/invariants/judge.ts";
import { parseRunnable } from "../../../harness/replay/counterexample.ts";
import type { Run } from "../../../harness/rigs/run.ts";
import type { Schedule } from "../../../harness/schedule/schedule.ts";
import { openRig } from "../../skew/rig.ts";

/** What was done on that day while everything went on: a queue more, and traffic moved over to another fleet. */

const folder = "suites/incidents/2019-09-03-stream-import";

async function runOf(file: string, change: (plan: Schedule) => Schedule): Promise<Run> {
  const path = `${folder}/${file}`;
  const { schedule } = parseRunnable(await readFile(path, "utf8"), path);
  await using rig = await openRig();
  const [run] = await rig.run([change(schedule)]);
  return run as Run;
}

/** The plan with this build in the place of its API, where one is named. */
const as =
  (api?: string) =>
  ({ releases, ...plan }: Schedule): Schedule =>
    api === undefined ? { releases, ...plan } : { ...plan, releases: { ...releases, api } };

const brokenIn = ({ events, unfired }: Run) => ({
  unfired,
  broken: [...new Set(allBroken(judgeHistory(events)).map(({ invariant }) => invariant))],
});

describe("a third queue is added while chunks of nine tables wait", () => {
  test("the backlog drains in time", async () => {
    expect(brokenIn(await runOf("third-queue.json", as()))).toEqual({ unfired: [], broken: [] });
  });

  test("without it what was taken is seen too late", async () => {
    const { broken } = brokenIn(await runOf("third-queue.json", (plan) => ({ ...plan, faults: [] })));
    expect(broken).toContain("I13");
    expect(broken).not.toContain("I9");
  });

  test.each([
    ["one-key-for-all", "I13"],
    ["added-queue-not-served", "I9"],
    ["waiting-chunks-copied", "I9"],
  ])("%s is red by %s", async (api, invariant) => {
    const { unfired, broken } = brokenIn(await runOf("third-queue.json", as(api)));
    expect(unfired).toEqual([]);
    expect(broken).toContain(invariant);
  });
});

describe("two queues of three are taken away while chunks wait in them", () => {
  test("the one that is left imports them, each once", async () => {
    expect(brokenIn(await runOf("fewer-queues.json", as()))).toEqual({ unfired: [], broken: [] });
  });

  test("whose chunks stay in their queue loses them", async () => {
    const lost = ({ releases, ...plan }: Schedule): Schedule => {
      const api = "queue-taken-away-with-its-chunks";
      return { ...plan, releases: { ...releases, api, beside: [api] } };
    };
    expect(brokenIn(await runOf("fewer-queues.json", lost)).broken).toContain("I9");
  });
});

describe("calls move over to a new fleet: none, a tenth, half, all", () => {
  test("green; each share comes evenly", async () => {
    const run = await runOf("traffic.json", as());
    expect(brokenIn(run)).toEqual({ unfired: [], broken: [] });
    const phases: { calls: number; toCurrent: number }[] = [];
    for (const event of run.events) {
      if (event.kind === "fault") phases.push({ calls: 0, toCurrent: 0 });
      const phase = phases.at(-1);
      if (event.kind !== "exchange" || event.server === undefined || phase === undefined) continue;
      phase.calls += 1;
      phase.toCurrent += Number(event.release === "current");
    }
    const shares = phases.map(({ calls, toCurrent }) => toCurrent / calls);
    expect(shares).toEqual([0, expect.closeTo(0.1, 1), expect.closeTo(0.5, 1), 1]);
  });

  test.each([
    ["ids-known-to-their-process", "I9"],
    ["tables-known-to-their-process", "F"],
  ])("%s is red by %s", async (api, invariant) => {
    const { unfired, broken } = brokenIn(await runOf("traffic.json", as(api)));
    expect(unfired).toEqual([]);
    expect(broken).toContain(invariant);
  });
});
