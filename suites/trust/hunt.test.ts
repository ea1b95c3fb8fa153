import { expect, test } from "vitest";
import type { InProcessSystem } from "../../contracts/in-process.ts";
import { bases } from "../../harness/explore/bases.ts";
import { Hunt, type HuntOptions } from "../../harness/mutants/hunt.ts";
import { withoutStacks } from "../../harness/rigs/in-process/without-stacks.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import { loadBuilds, systemOf } from "./failing-schedules.ts";
import { invariant } from "./forgetful.config.ts";

const build = "forgets-after-restart";
const releases = { api: build, workers: { v5: "current", v6: "current" } };

/** What is caught on the build that forgets when its API was started again. */
async function hunted(options: HuntOptions): Promise<Hunt> {
  const hunt = new Hunt(systemOf(await loadBuilds(), build), invariant, options);
  await withoutStacks(() => hunt.through(bases(releases, 1).slice(0, 1), 0));
  return hunt;
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
  const builds = await loadBuilds();
  const whole = systemOf(builds, "current");
  const forgetful = systemOf(builds, build);
  // Wrong until it was seen to be: whatever runs again is right.
  const system: InProcessSystem = {
    ...whole,
    startApi: (...given) => (hunt.broken.size === 0 ? forgetful : whole).startApi(...given),
  };
  const hunt = new Hunt(system, invariant, { moreSeeds: 1 });
  await withoutStacks(() => hunt.through(bases(releases, 1).slice(0, 1), 0));
  expect(hunt.broken).toEqual(new Set([invariant]));
  expect(hunt.caught).toBeNull();
});
