import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect } from "vitest";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import type { Kill } from "../../harness/mutants/kill.ts";
import type { Again } from "../../harness/mutants/kill-again.ts";
import { type Counterexample, parseCounterexample } from "../../harness/replay/counterexample.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import type { Ended } from "./interlock.ts";
import type { Place } from "./place.ts";
import { makeBed, releases } from "./schedule-bed.ts";

/** Mutants on real containers and real MySQL, killed by the very files that the simulated rig has made. */

export const config = ["--config", resolve(import.meta.dirname, "../../interlock.config.ts")];
const kept = "kept";

export interface Killed {
  ended: Ended;
  /** The counterexamples that were made. */
  files: readonly Counterexample[];
  /** By the name of the file: the job that it is about, 0 for what is about none, such as a session of Bulk Import. */
  jobs: ReadonlyMap<string, number>;
}

/** @param only ids; all that have images where there are none */
export async function killMutants(place: Place, only: readonly string[]): Promise<Killed> {
  const flags = only.length === 0 ? [] : ["--only", ...only];
  const argv = ["mutants", "--rig", "containers", "--save", kept, "--json", ...config, ...flags];
  const ended = await place.interlock(argv).ended;
  const folder = join(place.folder, kept);
  const names = (await readdir(folder)).sort();
  const files = await Promise.all(
    names.map(async (name) => parseCounterexample(await readFile(join(folder, name), "utf8"), name)),
  );
  return { ended, files, jobs: new Map(names.map((name, i) => [name, files[i]?.expected.job ?? 1])) };
}

/** Each of these, and no other, was killed by its own invariant, simulated and in containers, by one file. */
export function expectKilled({ ended, jobs }: Killed, ids: readonly string[]): void {
  expect(ended).toMatchObject({ stdout: expect.stringMatching(/^\{/) });
  const { kills, containers } = JSON.parse(ended.stdout) as { kills: Kill[]; containers: Again[] };
  expect(containers.map(({ id }) => id).sort()).toEqual(ids);
  expect(kills.map(({ id, verdict }) => ({ id, verdict }))).toEqual(
    containers.map(({ id }) => ({ id, verdict: "killed" })),
  );
  expect(
    containers.map(({ id, file, replay }) => ({ id, file, outcome: replay.outcome, broken: replay.broken })),
  ).toEqual(
    kills.map(({ id, invariant }) => ({
      id,
      file: join(kept, `${id}.json`),
      outcome: "repeated",
      broken: expect.arrayContaining([expect.objectContaining({ invariant, job: jobs.get(`${id}.json`) })]),
    })),
  );
  expect(ended.exitCode).toBe(0);
}

/** The same schedule on other releases, or with other faults. */
export const changed = (made: Counterexample, change: Partial<Schedule>): Counterexample => {
  const schedule = { ...made.schedule, ...change };
  return { ...made, releases: schedule.releases, schedule };
};

/** The current build breaks nothing under the schedules of these. */
export async function expectGreen(files: readonly Counterexample[]): Promise<void> {
  const bed = await makeBed(["v5", "v6"], 2);
  try {
    for (const made of files) {
      const { schedule } = changed(made, { releases });
      const { events, unfired } = await bed.run(schedule);
      expect({ schedule, unfired, broken: judgeHistory(events).broken }).toEqual({
        schedule,
        unfired: [],
        broken: [],
      });
    }
  } finally {
    await bed.leave();
  }
}
