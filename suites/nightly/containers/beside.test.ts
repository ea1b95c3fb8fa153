import { afterEach, describe, expect, test } from "vitest";
import type { Config } from "../../../harness/config/config.ts";
import { laterBuilds } from "../../../harness/evidence/later-builds.ts";
import type { HistoryEvent } from "../../../harness/history/event.ts";
import { judgeHistory } from "../../../harness/invariants/judge.ts";
import { findSystem } from "../../../harness/rigs/in-process/find-system.ts";
import { runSchedules } from "../../../harness/rigs/in-process/run.ts";
import type { Planned, Schedule } from "../../../harness/schedule/schedule.ts";
import { stepsOf } from "../../../harness/skew/live.ts";
import type { Moment } from "../../../harness/skew/moments.ts";
import { planOf } from "../../../harness/skew/plans.ts";
import { type Bed, exchangesOf, makeBed, releases, scheduleOf, site } from "../../containers/schedule-bed.ts";
import { resultOutput } from "../../result-output/scenarios.ts";
import { keptSchedule } from "../../trust/kills/kept.ts";

/** Two lives of a worker, and two processes of the API, side by side on real containers. */

/** The mutants' code lies in every image of a named release; which of them it is, its command says. */
function withMutant(id: string) {
  const main = (component: "api" | "worker", ...argv: string[]) => [
    "node",
    "--disable-warning=ExperimentalWarning",
    `fixtures/releases/${component}-main.ts`,
    id,
    ...argv,
  ];
  return (config: Config): Config => {
    const workers = Object.entries(config.workers).map(([name, worker]) => {
      const build = { ...(worker.releases["next"] as object), command: main("worker", worker.generation) };
      return [name, { ...worker, releases: { ...worker.releases, [id]: build } }];
    });
    const api = { ...(config.api["next"] as object), command: main("api") };
    return {
      ...config,
      api: { ...config.api, [id]: api },
      workers: Object.fromEntries(workers),
    } as Config;
  };
}

const kept = (id: string) => keptSchedule(id) as Schedule;
const stepsIn = (schedule: Schedule) => stepsOf(schedule).map(({ fault }) => fault);

let bed: Bed;
afterEach(() => bed.leave());

const componentsIn = (events: readonly HistoryEvent[]): string[] =>
  events.flatMap((event) =>
    event.kind === "component" ? [`${event.component} ${event.what} ${event.detail}`] : [],
  );
/** What is about no job, such as a claim, departs from the contract. */
function brokenIn(events: readonly HistoryEvent[]): string[] {
  const { broken, loose } = judgeHistory(events);
  return [...new Set([...broken.map(({ invariant }) => invariant), ...(loose.length > 0 ? ["C"] : [])])];
}

describe("a surge", () => {
  const surge: Planned = {
    at: site("after", "worker.claim", "worker->api"),
    fault: { kind: "surge", process: "worker", release: "next", ms: 300, graceMs: 10_000 },
  };

  test("has the next release beside the old one, which ends its job and goes", async () => {
    bed = await makeBed(["v5"], 1, [
      { kind: "surge", process: "worker", release: "next", ms: 300, graceMs: 1 },
    ]);
    const { events, unfired } = await bed.run({
      ...scheduleOf("presto", "web", 1, [surge]),
      workload: {
        jobs: [
          { scenario: "web", engine: "presto" },
          { scenario: "insert-into", engine: "presto" },
        ],
        workers: 1,
        atOnce: 1,
      },
    });
    expect(unfired).toEqual([]);
    expect(componentsIn(events)).toEqual([
      "worker-v5.life-2 started as release next beside worker-v5",
      "worker-v5 stopping within 10000 ms",
      "worker-v5 retired worker-v5.life-2 is in its place",
    ]);
    expect(brokenIn(events)).toEqual([]);
    const { builds, problems } = laterBuilds(events);
    expect({ problems, builds: builds.map(({ component, release }) => `${component} ${release}`) }).toEqual({
      problems: [],
      builds: ["worker-v5.life-2 next"],
    });
    const claimants = new Set(exchangesOf(events, "worker.claim").map(({ by }) => by));
    expect(claimants).toEqual(new Set(["worker-v5", "worker-v5.life-2"]));
  });

  test("of a worker whose lives share a name shows in containers as it does simulated", async () => {
    const id = "lives-share-a-name";
    const schedule = kept(id);
    bed = await makeBed(["v5"], 2, [], schedule.releases, withMutant(id));
    const { events, unfired } = await bed.run(schedule);
    expect(unfired).toEqual([]);
    expect(brokenIn(events)).toContain("C");
  });
});

describe("two processes of the API", () => {
  test("go from one release to the next and back, one by one, and nobody can tell", async () => {
    const window = {
      from: { api: "2026-05", workers: { v5: "current", v6: "current" } },
      to: { api: "current", workers: { v5: "current", v6: "current" } },
    };
    const jobs = [{ scenario: "web", engine: "presto" } as const];
    const named = Object.fromEntries(resultOutput.map((scenario) => [scenario.name, scenario]));
    const shape = { window, jobs, beside: [], scenarios: named, apis: 2, workers: 1, seed: 1, reaches };
    const moves = [
      { name: "api", to: "current" },
      { name: "api-2", to: "current" },
      { name: "api-2", to: "2026-05" },
      { name: "api", to: "2026-05" },
    ];
    const plan = planOf(shape, moves, "stopped", 1);
    bed = await makeBed(["v5"], 1, stepsIn(plan), plan.releases);
    const { events, unfired } = await bed.run(plan);
    expect(unfired).toEqual([]);
    expect(brokenIn(events)).toEqual([]);
    expect(componentsIn(events).filter((line) => line.includes("as release"))).toEqual(
      moves.map(({ name, to }) => `${name} started as release ${to}`),
    );
    const [run] = events;
    expect(run?.kind === "run" && run.builds.map(({ component }) => component)).toEqual([
      "api",
      "api-2",
      "worker-v5",
    ]);
    const { builds, problems } = laterBuilds(events);
    expect({ problems, builds: builds.map(({ component, release }) => `${component} ${release}`) }).toEqual({
      problems: [],
      builds: ["api current", "api-2 current"],
    });
    const served = events.flatMap((event) =>
      event.kind === "exchange" && event.server !== undefined ? [`${event.server} ${event.release}`] : [],
    );
    expect([...new Set(served)].toSorted()).toEqual([
      "api 2026-05",
      "api current",
      "api-2 2026-05",
      "api-2 current",
    ]);
  });

  test("of which one writes what the other cannot read show it in containers as they do simulated", async () => {
    const id = "messages-as-json";
    const job = { scenario: "query-fails", engine: "presto" } as const;
    const schedule: Schedule = {
      ...scheduleOf("presto", "web", 1),
      workload: { jobs: [job, job, job, job], workers: 1, atOnce: 1 },
      releases: { ...releases, beside: [id] },
    };
    bed = await makeBed(["v5"], 1, [], schedule.releases, withMutant(id));
    expect(brokenIn(await simulated(schedule))).toContain("C");
    const alone = { ...schedule, releases: { ...releases, api: id } };
    expect(brokenIn(await simulated(alone))).not.toContain("C");
    expect(brokenIn((await bed.run(schedule)).events)).toContain("C");
  });
});

async function simulated(schedule: Schedule): Promise<readonly HistoryEvent[]> {
  const { config } = bed.rig;
  const system = await findSystem(config, schedule.releases, [], "simulated");
  const rig = { system, scenarios: config.scenarios, releases: schedule.releases };
  const [run] = await runSchedules(rig, [schedule]);
  return run?.events ?? [];
}

/** Containers cannot break a disk. */
const reaches = ({ link }: Moment["at"]) => link !== "worker->disk";
