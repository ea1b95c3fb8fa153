import { describe, expect, test } from "vitest";
import type { InProcessSystem, Releases, WorkerPorts } from "../../contracts/in-process.ts";
import { fillPath } from "../../contracts/operation.ts";
import { operations } from "../../contracts/operations.ts";
import type { Config } from "../../harness/config/config.ts";
import { loadConfig } from "../../harness/config/load-config.ts";
import { sampleSchedules } from "../../harness/explore/random.ts";
import { runAll } from "../../harness/explore/sweep.ts";
import { basesOf, usualScenarios, workloadsOf } from "../../harness/explore/workloads.ts";
import type { HistoryEvent } from "../../harness/history/event.ts";
import { type RigName, rigs } from "../../harness/rigs/index.ts";
import { needsOf } from "../../harness/rigs/needs.ts";
import type { Run, RunSchedules } from "../../harness/rigs/run.ts";
import { processOf } from "../../harness/schedule/faults.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import { Secrets } from "../../harness/secrets.ts";

/** A process that has died says nothing any more: neither what it had begun to say, nor a farewell. */

const releases = { api: "current", workers: { v5: "current", v6: "current" } };
const secrets = new Secrets();

/** Workers that say farewell as soon as they are asked to stop, whatever they are at. */
const sayingFarewell = (system: InProcessSystem): InProcessSystem => ({
  ...system,
  startWorker: (generation, state, ports, stop) => {
    stop.addEventListener("abort", () => void farewell(ports).catch(() => {}));
    return system.startWorker(generation, state, ports, stop);
  },
  inReleases: (releases) => {
    const other = system.inReleases(releases);
    return other === undefined ? undefined : sayingFarewell(other);
  },
});

const { method, path } = operations["worker.heartbeat"];

/** A report about a job that the worker does not hold. */
function farewell({ api, token }: WorkerPorts): Promise<unknown> {
  const input = { job_id: "1", attempt: 99 };
  if (api.kind === "direct") return api.call("worker.heartbeat", input);
  return fetch(`${api.baseUrl}${fillPath(path, input)}`, {
    method,
    headers: { authorization: `Worker ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ attempt: input.attempt }),
  });
}

const isFarewell = (event: HistoryEvent): boolean =>
  event.kind === "exchange" &&
  event.operation === "worker.heartbeat" &&
  (event.request as { attempt: number }).attempt === 99;

/** The config with such workers in the place of its own. */
async function configWithFarewells(): Promise<Config> {
  const config = await loadConfig("interlock.config.ts", secrets);
  const builds = await config.inProcess?.load();
  if (builds === undefined) throw new Error("interlock.config.ts gives no builds in process");
  const system = (wanted: Releases) => {
    const known = builds.system(wanted);
    return known === undefined ? undefined : sayingFarewell(known);
  };
  return { ...config, inProcess: { images: "all", load: async () => ({ mutants: [], system }) } };
}

const config = await configWithFarewells();

async function running<T>(
  rig: RigName,
  schedule: Schedule,
  use: (run: RunSchedules) => Promise<T>,
): Promise<T> {
  const kind = await rigs[rig]();
  const options = { config, secrets, runsFolder: "", note: () => {} };
  await using open = await kind.open(needsOf(schedule, config), options);
  return await use(open.run);
}

/** Calls of processes that had died and had not been started again when they were sent. */
function callsOfTheDead(events: readonly HistoryEvent[]): HistoryEvent[] {
  const dead = new Set<string>();
  return events.filter((event) => {
    if (event.kind === "component" && event.what === "exited") dead.add(event.component);
    if (event.kind === "component" && event.what === "started") dead.delete(event.component);
    return event.kind === "exchange" && dead.has(event.by);
  });
}

const bases = basesOf(["presto", "hive-hdp2"], usualScenarios(config.scenarios), releases, 1);
const [first] = bases;
if (first === undefined) throw new Error("no workload");

/** Schedules at random of which something kills a worker. */
const killing = await running("simulated", first.base, async (run) => {
  const schedules = sampleSchedules(await workloadsOf(run, bases), 20, 3_000);
  return schedules.filter(({ faults }) =>
    faults.some(({ fault }) => fault.kind === "kill" && processOf(fault) === "worker"),
  );
});

describe.each<[RigName, number]>([
  ["simulated", 300],
  ["wire", 16],
])("on the %s rig", (rig, count) => {
  test(`${count} schedules that kill workers hold no call of a dead one`, { timeout: 60_000 }, async () => {
    const schedules = killing.slice(0, count);
    expect(schedules).toHaveLength(count);
    const runs: Run[] = [];
    await running(rig, first.base, (run) => runAll(run, schedules, (one) => void runs.push(one)));
    const exits = runs.flatMap(({ events }) =>
      events.filter((event) => event.kind === "component" && event.what === "exited"),
    );
    expect(exits.length).toBeGreaterThan(count / 2);
    for (const { events, schedule } of runs)
      expect([schedule, callsOfTheDead(events)]).toEqual([schedule, []]);
  });

  test("a worker that is replaced in the middle of its job says no farewell, its successor does", async () => {
    const insert: Schedule = {
      ...first.base,
      workload: { jobs: [{ scenario: "insert-into", engine: "presto" }], workers: 1 },
      faults: [
        {
          at: { link: "worker->warehouse", operation: "insertInto", job: 1, occurrence: 1, phase: "before" },
          fault: { kind: "version", process: "worker", release: "current", ms: 5_000 },
        },
      ],
    };
    const [run] = await running(rig, insert, (runIt) => runIt([insert]));
    expect(run?.unfired).toEqual([]);
    const events = run?.events ?? [];
    expect(callsOfTheDead(events)).toEqual([]);
    const started = events.findIndex((event) => event.kind === "component" && event.what === "started");
    const farewells = events.flatMap((event, at) => (isFarewell(event) ? [at] : []));
    expect(farewells).toHaveLength(1);
    expect(farewells[0]).toBeGreaterThan(started);
  });
});
