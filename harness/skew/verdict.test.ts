import { expect, test } from "vitest";
import { emptyTally } from "../explore/tally.ts";
import { exitOf } from "../verdict.ts";
import { type Rollout, verdictOf, type WindowRolled } from "./rollout.ts";

/** What a roll through windows comes to, by what was run of them. */

const ran = (more: Partial<ReturnType<typeof emptyTally>> = {}) => ({
  ...emptyTally(),
  schedules: 3,
  ...more,
});
const rolled = (more: Partial<WindowRolled> = {}): WindowRolled => ({
  window: {} as WindowRolled["window"],
  phases: [{ name: "short plans", tally: ran(), red: [], millis: 1 }],
  isPassed: true,
  refused: 0,
  ...more,
});
const together = (problems: string[] = []) =>
  ({ allowed: [{ tally: ran() }], refused: [{ problems }] }) as unknown as Rollout["together"];
const [phase] = rolled().phases as [WindowRolled["phases"][number]];
const redPlan = { plan: {}, broken: [] } as unknown as (typeof phase)["red"][number];

test.each<[string, WindowRolled, string[], number]>([
  ["all plans were run, and nothing broke", rolled(), [], 0],
  ["no allowed order leads to the end of a window", rolled({ isPassed: false }), [], 2],
  ["nothing was run", rolled({ phases: [{ ...phase, tally: emptyTally() }] }), [], 2],
  ["a step did not come about", rolled({ phases: [{ ...phase, tally: ran({ invalid: 1 }) }] }), [], 2],
  ["not all could be judged", rolled({ phases: [{ ...phase, tally: ran({ unjudged: 1 }) }] }), [], 2],
  ["a plan is red", rolled({ phases: [{ ...phase, red: [redPlan] }] }), [], 1],
  ["an API took a worker that it must refuse", rolled(), ["a claim was answered 200"], 1],
  ["that, and no way leads to the end", rolled({ isPassed: false }), ["a claim was answered 200"], 1],
])("%s", (_, window, problems, exit) => {
  expect(exitOf[verdictOf({ together: together(problems), windows: [window] })]).toBe(exit);
});
