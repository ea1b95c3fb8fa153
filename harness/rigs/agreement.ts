import { isDeepStrictEqual } from "node:util";
import type { Planned, Schedule } from "../schedule/schedule.ts";
import { abstractOutcome } from "./abstract-outcome.ts";
import type { Run, RunSchedules } from "./run.ts";

/**
 * What a schedule may come to: its outcome in the simulated rig. A customer's kill alone may have two, since the kill and
 * the end of the job are under way at the same time: so its outcome is also that of the same schedule with the kill as
 * early as it can be, and without it, as when it comes too late. Whether one of them was told falsely is for the
 * invariants to say, which have seen when the kill was answered, and how.
 */
async function legalOutcomes(simulated: RunSchedules, schedule: Schedule): Promise<object[][]> {
  const { faults } = schedule;
  const kills = faults.filter(isKill);
  const others = faults.filter((planned) => !isKill(planned));
  const schedules =
    kills.length === 0
      ? [schedule]
      : [faults, [...kills.flatMap(early), ...others], others].map((list) => ({ ...schedule, faults: list }));
  const runs = await simulated(schedules);
  return runs.map(({ events }) => abstractOutcome(events));
}

/** How a run on another rig differs from what the simulated rig says of its schedule; null where it agrees. */
export async function disagreement(
  simulated: RunSchedules,
  { schedule, events }: Run,
): Promise<string | null> {
  const legal = await legalOutcomes(simulated, schedule);
  const outcome = abstractOutcome(events);
  if (legal.some((one) => isDeepStrictEqual(one, outcome))) return null;
  return `${JSON.stringify(outcome)}, simulated ${legal.map((one) => JSON.stringify(one)).join(" or ")}`;
}

const isKill = ({ fault }: Planned): boolean => fault.kind === "kill-job";

/** The customer kills the job at its first look, when no worker has been able to ask for it. */
const early = ({ at, fault }: Planned): Planned[] => {
  const first = { job: null, occurrence: 1, phase: "before" } as const;
  return [
    {
      at: { link: "worker->api", operation: "worker.claim", ...first },
      fault: { kind: "outage", ms: 1_000 },
    },
    { at: { link: "customer->api", operation: "job.show", ...first, job: at.job ?? 1 }, fault },
  ];
};
