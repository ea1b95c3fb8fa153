import { afterEach, describe, expect, test } from "vitest";
import { laterBuilds } from "../../harness/evidence/later-builds.ts";
import type { HistoryEvent } from "../../harness/history/event.ts";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import { dockerEngine } from "../../harness/rigs/containers/docker/engine.ts";
import { componentLabel, runLabel } from "../../harness/rigs/containers/docker/owner.ts";
import type { Planned, VersionStep } from "../../harness/schedule/schedule.ts";
import { stepsOf } from "../../harness/skew/live.ts";
import type { Moment } from "../../harness/skew/moments.ts";
import { planOf } from "../../harness/skew/plans.ts";
import { resultOutput } from "../result-output/scenarios.ts";
import { type Bed, exchangesOf, makeBed, scheduleOf, site } from "./schedule-bed.ts";

/** Processes that become another release, or end by themselves, on real containers. */

const becomes = (process: "api" | "worker", release: string): VersionStep => ({
  kind: "version",
  process,
  release,
  ms: 2_000,
});

let bed: Bed;
afterEach(() => bed.leave());

async function ran(
  planned: Omit<Planned, "fault"> & { fault: VersionStep },
): Promise<readonly HistoryEvent[]> {
  bed = await makeBed(["v5"], 1, [planned.fault]);
  const { events, unfired } = await bed.run(scheduleOf("presto", "web", 1, [planned]));
  expect(unfired).toEqual([]);
  return events;
}

const componentsIn = (events: readonly HistoryEvent[]): string[] =>
  events.flatMap((event) =>
    event.kind === "component" ? [`${event.component} ${event.what} ${event.detail}`] : [],
  );

describe("a version step", () => {
  test("of the API to the build of 2015-08-24 lets the job end with nothing delivered", async () => {
    const at = site("before", "worker.claim", "worker->api", null);
    const events = await ran({ at, fault: becomes("api", "2015-08-24") });
    expect(judgeHistory(events).broken.map(({ invariant }) => invariant)).toContain("I4");
    expect(componentsIn(events)).toEqual(["api exited for 2000 ms", "api started as release 2015-08-24"]);
    // The rig is not what it was started as: the next schedule would be about other releases than it says.
    await expect(bed.run(scheduleOf("presto", "web", 1))).rejects.toThrow(
      "the last schedule has changed them by a version step",
    );
  });

  test("of a worker keeps its disk: the report that it had kept is sent by the new one", async () => {
    const at = site("before", "worker.finish", "worker->api");
    const events = await ran({ at, fault: becomes("worker", "gives-up-on-429") });
    expect(judgeHistory(events).broken).toEqual([]);
    expect(componentsIn(events)).toEqual([
      "worker-v5 exited for 2000 ms",
      "worker-v5 started as release gives-up-on-429",
    ]);
    // Known from the disk alone. A lease that ran out meanwhile lets it be refused; then another attempt ends the job.
    const [asked, again] = exchangesOf(events, "worker.finish");
    expect([asked, again]).toMatchObject([
      { status: null, request: { attempt: 1, status: "success" } },
      { request: { attempt: 1, status: "success" } },
    ]);
    const claims = exchangesOf(events, "worker.claim");
    const versions = new Set(claims.map(({ request }) => (request as { version: string }).version));
    expect(versions.size).toBe(2);
  });
});

describe("a rolling plan", () => {
  const window = {
    from: { api: "2026-05", workers: { v5: "current", v6: "current" } },
    to: { api: "current", workers: { v5: "next", v6: "next" } },
  };
  const jobs = (engine: "presto" | "hive-hdp2") => [{ scenario: "web", engine } as const];
  const scenarios = Object.fromEntries(resultOutput.map((scenario) => [scenario.name, scenario]));
  const beside = jobs("hive-hdp2");
  // Containers cannot break a disk.
  const reaches = ({ link }: Moment["at"]) => link !== "worker->disk";
  const shape = { window, jobs: jobs("presto"), beside, scenarios, apis: 1, workers: 1, seed: 1, reaches };

  test("goes workers first, over a migration of the API's database, and back again, and nobody can tell", async () => {
    const moves = [
      { name: "worker-v5-1", to: "next" },
      { name: "worker-v6-1", to: "next" },
      { name: "api", to: "current" },
      { name: "api", to: "2026-05" },
      { name: "worker-v5-1", to: "current" },
    ];
    const plan = planOf(shape, moves, "killed", 1);
    bed = await makeBed(
      ["v5", "v6"],
      1,
      stepsOf(plan).map(({ fault }) => fault),
      plan.releases,
    );
    const { events, unfired } = await bed.run(plan);
    expect(unfired).toEqual([]);
    expect(judgeHistory(events).broken).toEqual([]);
    expect(componentsIn(events).filter((line) => line.includes("as release"))).toEqual([
      "worker-v5 started as release next",
      "worker-v6 started as release next",
      "api started as release current",
      "api started as release 2026-05",
      "worker-v5 started as release current",
    ]);
    // Each by what it says itself and by its image, once; none that was there at the start.
    const { builds, problems } = laterBuilds(events);
    expect(problems).toEqual([]);
    expect(builds.map(({ component, release }) => `${component} ${release}`)).toEqual([
      "worker-v5 next",
      "worker-v6 next",
      "api current",
    ]);
    const marks = builds.flatMap(({ digest, image }) => [digest, image]);
    expect(new Set(marks).size).toBe(6);
    expect(marks).toEqual(marks.map(() => expect.stringMatching(/^(sha256:)?[0-9a-f]{64}$/)));
    const finals = events.filter((event) => event.kind === "final");
    expect(finals.map(({ stored }) => stored)).toEqual(plan.workload.jobs.map(() => "success"));
  });
});

test("a process that ends by itself is trouble of the rig, never a finding about the job", async () => {
  bed = await makeBed(["v5"], 1);
  const at = site("before", "worker.finish", "worker->api");
  const running = bed.run(scheduleOf("presto", "web", 1, [{ at, fault: { kind: "late", ms: 60_000 } }]));
  // Heard from the first: the engine may tell the end before it says that it has killed.
  const told = running.then(
    () => "nothing",
    (error: Error) => error.message,
  );
  const docker = await dockerEngine();
  const label = [`${runLabel}=${bed.rig.run}`, `${componentLabel}=api`];
  const [api] = await docker.listContainers({ filters: { label } });
  await docker.getContainer(api?.Id ?? "").kill();
  expect(await told).toMatch(/api: .*exited with code 137/s);
});
