import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Engine, engines } from "../../contracts/job.ts";
import type { HistoryEvent } from "../../harness/history/event.ts";
import { jobHistories, type PromisedJob } from "../../harness/history/job-history.ts";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import { type Fault, printFault, printSite, type Site } from "../../harness/schedule/schedule.ts";
import {
  type Bed,
  exchangesOf,
  finalOf,
  makeBed,
  type ScenarioName,
  scenarios,
  scheduleOf,
  site,
} from "./schedule-bed.ts";

/** Schedules on real containers: whatever goes wrong once, the job ends, its effect is there once, its status tells. */

const workers = 2;
let bed: Bed;
beforeAll(async () => {
  bed = await makeBed(["v5", "v6"], workers);
});
afterAll(() => bed.leave());

const run = async (engine: Engine, scenario: ScenarioName, faults: { at: Site; fault: Fault }[]) => {
  const ran = await bed.run(scheduleOf(engine, scenario, workers, faults));
  expect(ran.unfired).toEqual([]);
  return ran.events;
};

/** The one legal end of a job that nobody killed. */
function expectOneEffect(events: readonly HistoryEvent[]): void {
  const { stored, table, destination, registered, leased, residue, unsent } = finalOf(events);
  const { rows } = (jobHistories(events)[0] as PromisedJob).scenario.source;
  const created = exchangesOf(events, "worker.register_table").length > 0;
  expect({ stored, effect: destination ?? table, registered, leased, residue, unsent }).toEqual({
    stored: "success",
    effect: destination === undefined ? rows : { rows, deliveries: 1 },
    registered: created,
    leased: false,
    residue: [],
    unsent: 0,
  });
  expect(judgeHistory(events).broken).toEqual([]);
}

describe("with nothing wrong", () => {
  const all = engines.flatMap((engine) => scenarios.map((scenario) => [scenario, engine] as const));

  test.each(all)("%s on %s ends in success, in as few calls as it takes", async (scenario, engine) => {
    const events = await run(engine, scenario, []);
    expectOneEffect(events);
    expect(exchangesOf(events, "job.issue")).toMatchObject([
      { link: "customer->api", by: "customer", outcome: "ok" },
    ]);
    expect(exchangesOf(events, "worker.finish")).toMatchObject([
      { link: "worker->api", outcome: "ok", status: 200, request: { attempt: 1, status: "success" } },
    ]);
    expect(judgeHistory(events).loose).toEqual([]);
  });
});

const kill = (process: "api" | "worker" | "database", ms: number | null): Fault => ({
  kind: "kill",
  process,
  ms,
});

/** What shows in the history that the fault was more than a word. */
type Trace = (events: readonly HistoryEvent[]) => void;
const finishes = (events: readonly HistoryEvent[]) => exchangesOf(events, "worker.finish");
const components = (events: readonly HistoryEvent[]) =>
  events.flatMap((event) => (event.kind === "component" ? [`${event.component} ${event.what}`] : []));
/** Another worker took the job over and found the effect. */
const takenOver: Trace = (events) => {
  const last = finishes(events).at(-1);
  expect(last).toMatchObject({ outcome: "ok", request: { attempt: 2 } });
};
const sentTwice: Trace = (events) =>
  expect(finishes(events)).toMatchObject([{ outcome: "unknown" }, { status: 200, request: { attempt: 1 } }]);

const receipts = (events: readonly HistoryEvent[]) => exchangesOf(events, "worker.receipt");
/** One attempt delivered, however often it had to send. */
const deliveredOnce: Trace = (events) =>
  expect(receipts(events)).toMatchObject([{ status: 200, request: { attempt: 1, rows: 4 } }]);

const single: [Engine, ScenarioName, Site, Fault, Trace][] = [
  ["presto", "insert-into", site("after", "worker.finish", "worker->api"), { kind: "lost" }, sentTwice],
  [
    "presto",
    "insert-into",
    site("before", "worker.finish", "worker->api"),
    { kind: "lost" },
    (events) => expect(finishes(events)).toMatchObject([{ outcome: "fail" }, { status: 200 }]),
  ],
  [
    "hive-hdp2",
    "create-table",
    site("before", "worker.register_table", "worker->api"),
    { kind: "outage", ms: 5_000 },
    (events) => expect(exchangesOf(events, "worker.register_table").length).toBeGreaterThan(1),
  ],
  [
    "hive-cdh4",
    "insert-into",
    site("after", "job.issue", "customer->api"),
    { kind: "lost" },
    (events) =>
      expect(exchangesOf(events, "job.issue")).toMatchObject([
        { outcome: "unknown", served: 200 },
        { outcome: "fail", status: 409 },
      ]),
  ],
  [
    "presto",
    "insert-into",
    site("after", "worker.finish", "api->database", null),
    { kind: "lost" },
    (events) => expect(finishes(events)).toMatchObject([{ status: 503 }, { status: 200 }]),
  ],
  [
    "presto",
    "insert-into",
    site("after", "insertInto", "worker->warehouse"),
    { kind: "lost" },
    (events) => expect(finishes(events)).toMatchObject([{ request: { attempt: 1, num_records: 4 } }]),
  ],
  [
    "hive-hdp2",
    "create-table",
    site("after", "publishTable", "worker->warehouse"),
    { kind: "half-open", ms: 3_000 },
    (events) => expect(finishes(events)).toMatchObject([{ request: { attempt: 1 } }]),
  ],
  [
    "presto",
    "insert-into",
    site("after", "insertInto", "worker->warehouse"),
    kill("worker", null),
    takenOver,
  ],
  [
    "hive-hdp2",
    "create-table",
    site("after", "publishTable", "worker->warehouse"),
    kill("worker", null),
    takenOver,
  ],
  [
    "hive-cdh4",
    "insert-into",
    site("after", "worker.finish", "worker->api"),
    kill("api", 2_000),
    (events) => {
      expect(components(events)).toEqual(["api exited", "api started"]);
      expect(finishes(events)[0]).toMatchObject({ outcome: "unknown", status: null, served: 200 });
    },
  ],
  [
    "presto",
    "insert-into",
    site("before", "worker.finish", "worker->api"),
    { kind: "pause", process: "api", ms: 15_000 },
    (events) => {
      expect(components(events)).toEqual(["api paused", "api resumed"]);
      expect(finishes(events)[0]).toMatchObject({ outcome: "unknown", status: null });
    },
  ],
  [
    "presto",
    "insert-into",
    site("after", "insertInto", "worker->warehouse"),
    kill("database", 2_000),
    (events) => expect(components(events)).toEqual(["database exited", "database started"]),
  ],
  ["presto", "web", site("before", "deliver", "worker->destination"), { kind: "lost" }, deliveredOnce],
  ["presto", "web", site("after", "deliver", "worker->destination"), { kind: "lost" }, deliveredOnce],
  ["hive-hdp2", "web", site("after", "deliver", "worker->destination"), { kind: "truncated" }, deliveredOnce],
  [
    "hive-hdp2",
    "web",
    site("before", "deliver", "worker->destination"),
    { kind: "duplicate" },
    deliveredOnce,
  ],
  [
    "presto",
    "web",
    site("before", "deliver", "worker->destination"),
    { kind: "outage", ms: 20_000 },
    deliveredOnce,
  ],
  [
    "hive-cdh4",
    "web",
    site("after", "deliver", "worker->destination"),
    { kind: "status", status: 503 },
    deliveredOnce,
  ],
  ["presto", "web", site("after", "deliver", "worker->destination"), kill("worker", null), takenOver],
  [
    "hive-hdp2",
    "web",
    site("after", "worker.receipt", "worker->api"),
    { kind: "lost" },
    (events) => expect(receipts(events)).toMatchObject([{ outcome: "unknown" }, { status: 200 }]),
  ],
  ["presto", "web", site("after", "saveResult", "worker->warehouse"), { kind: "lost" }, deliveredOnce],
  ["presto", "web", site("after", "select", "worker->warehouse"), { kind: "lost" }, deliveredOnce],
];

describe("with one fault", () => {
  test.each(
    single.map(([engine, scenario, at, fault, trace]) => ({
      what: `${printSite(at)}: ${printFault(fault)}`,
      engine,
      scenario,
      at,
      fault,
      trace,
    })),
  )("$scenario on $engine ends in success, $what", async ({ engine, scenario, at, fault, trace }) => {
    const events = await run(engine, scenario, [{ at, fault }]);
    expectOneEffect(events);
    trace(events);
    const fired = events.flatMap((event) => (event.kind === "fault" ? [event.what] : []));
    expect(fired).toEqual([`${printSite(at)}: ${printFault(fault)}`]);
  });

  test("a job that its customer kills before it began ends as killed, and nothing of it is there", async () => {
    const at = site("after", "job.issue", "api->database", null);
    const before = site("before", "job.show", "customer->api");
    const events = await run("presto", "insert-into", [
      { at: site("before", "worker.claim", "worker->api", null, 1), fault: { kind: "outage", ms: 8_000 } },
      { at, fault: { kind: "late", ms: 500 } },
      { at: before, fault: { kind: "kill-job" } },
    ]);
    expect(finalOf(events)).toMatchObject({ stored: "killed", table: [], unsent: 0 });
    expect(judgeHistory(events).broken).toEqual([]);
  });
});

describe("a fault that cannot fire", () => {
  test("because its call is never made is told, with the run that lacked it", async () => {
    const at = site("before", "worker.finish", "worker->api", 1, 9);
    const planned = { at, fault: { kind: "lost" } } as const;
    const ran = await bed.run(scheduleOf("presto", "insert-into", workers, [planned]));
    expect(ran.unfired).toEqual([planned]);
    expectOneEffect(ran.events);
  });

  test.each<[string, Site, Fault]>([
    ["on a worker's disk", site("before", "put", "worker->disk"), kill("worker", 0)],
    ["to a transaction twice", site("before", "insertInto", "worker->warehouse"), { kind: "duplicate" }],
  ])("%s is told without a run", async (_, at, fault) => {
    const ran = await bed.run(scheduleOf("presto", "insert-into", workers, [{ at, fault }]));
    expect(ran).toMatchObject({ unfired: [{ at, fault }], events: [] });
  });
});

describe("a schedule that does not fit the rig is refused", () => {
  const fitting = scheduleOf("presto", "insert-into", workers);

  test("with more workers than there are", async () => {
    const wanted = { ...fitting, workload: { ...fitting.workload, workers: 9 } };
    await expect(bed.run(wanted)).rejects.toThrow("needs 9 workers of generation v5, the rig has 2");
  });

  test("with other releases than those that run", async () => {
    const wanted = { ...fitting, releases: { ...fitting.releases, api: "2015-08-24" } };
    await expect(bed.run(wanted)).rejects.toThrow("other releases than those that the rig runs");
  });
});
