import { expect, test } from "vitest";
import { baseSchedule } from "../../harness/explore/workloads.ts";
import { type Hunted, type HuntRules, hunt } from "../../harness/mutants/hunt.ts";
import type { RunSchedules } from "../../harness/rigs/run.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import { runOn } from "./failing-schedules.ts";
import { invariant } from "./forgetful.config.ts";

const build = "forgets-after-restart";
const options = { invariant, maxPairs: 0 };

const workloadOn = (api: string): Schedule =>
  baseSchedule("presto", "web", { api, workers: { v5: "current", v6: "current" } }, 1);
const workloads = [workloadOn(build)];

/** What is caught on the build that forgets when its API was started again. */
async function hunted(rules: HuntRules): Promise<Hunted> {
  const run = await runOn(build);
  return await hunt(run, workloads, { ...options, ...rules });
}

const killsAt = ({ faults }: Schedule): string | undefined => faults[0]?.at.operation;

test("only schedules that may be run are run", async () => {
  const asked = new Set<string | undefined>();
  const hunt = await hunted({
    mayRun: (schedule) => {
      asked.add(killsAt(schedule));
      return schedule.faults.length === 0 || killsAt(schedule) === "worker.heartbeat";
    },
  });
  expect(asked.size).toBeGreaterThan(3);
  expect(killsAt(hunt.caught?.run.schedule as Schedule)).toBe("worker.heartbeat");
});

test("nothing is caught where nothing may be run", async () => {
  const hunt = await hunted({ mayRun: () => false });
  expect([hunt.caught, hunt.schedules]).toEqual([null, 0]);
});

test("among as many faults the cheapest are tried first", async () => {
  const cost = (schedule: Schedule): number => (killsAt(schedule) === "worker.finish" ? 0 : 1);
  const { caught } = await hunted({ cost });
  expect(killsAt(caught?.run.schedule as Schedule)).toBe("worker.finish");
});

test("what is caught must break under more seeds as well, and these count", async () => {
  const once = await hunted({});
  const often = await hunted({ moreSeeds: 8 });
  expect(often.caught?.broken.invariant).toBe(invariant);
  expect(often.schedules).toBeGreaterThanOrEqual(once.schedules + 8);
});

test("what does not break again under other seeds is not caught", async () => {
  const [forgetful, whole] = [await runOn(build), await runOn("current")];
  const seeds = new Set<number>();
  // Wrong under the first seed alone.
  const run: RunSchedules = (schedules) => {
    const [first] = schedules as [Schedule];
    seeds.add(first.seed);
    return (first.seed === 1 ? forgetful : whole)(schedules);
  };
  const { broken, caught } = await hunt(run, workloads, { ...options, moreSeeds: 1 });
  expect(seeds).toEqual(new Set([1, 2]));
  expect([...broken]).toContain(invariant);
  expect(caught).toBeNull();
});
