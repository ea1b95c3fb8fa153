import { idle } from "../../invariants/testing/calls.ts";
import { eventsOf, keptStory, type Story } from "../../invariants/testing/history.ts";
import { insertInto } from "../../invariants/testing/scenarios.ts";
import type { Run } from "../../rigs/run.ts";
import type { Planned, Schedule, Site } from "../../schedule/schedule.ts";

interface Rules {
  /** The sites that every schedule reaches. */
  reached?: readonly Site[];
  /** Whether a schedule breaks an invariant. */
  isWrong?: (schedule: Schedule) => boolean;
  /** Whether a call that is about no job departs from the contract. */
  isLoose?: (schedule: Schedule) => boolean;
  /** Whether a fault finds no call to break. */
  isUnfired?: (planned: Planned) => boolean;
}

/** Runs on rules in the place of a system: every job ends as it was promised, unless it is to go wrong. */
export function fakeRun(rules: Rules = {}) {
  const { reached = [], isWrong = () => false, isLoose = () => false, isUnfired = () => false } = rules;
  const batches: (readonly Schedule[])[] = [];
  const runOne = (schedule: Schedule): Run => {
    const kept = keptStory(insertInto);
    const faults = schedule.faults.map(({ fault }) => ({ at: 500, fault }));
    const story: Story = isWrong(schedule) ? { ...kept, final: { ...kept.final, stored: "error" } } : kept;
    const calls = [...(story.calls ?? []), ...(isLoose(schedule) ? [idle(2_000, { reply: "" })] : [])];
    const events = eventsOf({ ...story, calls, faults });
    return { schedule, events, unfired: schedule.faults.filter(isUnfired), reached, millis: 1 };
  };
  return {
    run: async (schedules: readonly Schedule[]): Promise<Run[]> => {
      batches.push(schedules);
      return schedules.map(runOne);
    },
    batches,
    schedules: () => batches.flat(),
  };
}
