import type { HistoryEvent, RunEvent } from "../history/event.ts";
import { finish, grant, heartbeat, issue, order, show, type Told } from "../invariants/testing/calls.ts";
import { insertInto } from "../invariants/testing/scenarios.ts";
import { scheduleFormat } from "../schedule/schedule.ts";
import { domainKey } from "../schedule/targets.ts";
import { seeded } from "../seeded.ts";
import { limits } from "./limits.ts";

/** A large run told by hand, of which every fiftieth cell is red: the database forgot how its job had ended. */

const engines = ["presto", "hive-cdh4"] as const;
/** So many cells have jobs under way at once. */
const atOnce = 20;

export interface Size {
  cells: number;
  /** Events of one cell's timeline, at least eight. */
  events: number;
}

export function largeRun({ cells, events }: Size): HistoryEvent[] {
  const names = Array.from({ length: Math.ceil(cells / engines.length) }, (_, i) => `scenario-${i + 1}`);
  const jobs = names.flatMap((scenario) => engines.map((engine) => ({ scenario, engine }))).slice(0, cells);
  const run: RunEvent = {
    kind: "run",
    version: 2,
    id: "run",
    rig: "containers",
    epoch: 0,
    schedule: {
      format: scheduleFormat,
      workload: { jobs, workers: 2 },
      releases: { api: "current", workers: { v5: "current" } },
      seed: 1,
      faults: [],
    },
    scenarios: Object.fromEntries(names.map((name) => [name, { ...insertInto, name }])),
    limits,
    builds: [],
  };
  const told = jobs
    .flatMap(({ engine }, i) => callsOf(i + 1, engine, events - 1))
    .sort((a, b) => a.at - b.at);
  const end = (told.at(-1)?.at ?? 0) + 1_000;
  const timed = [{ at: 0, ...run }, ...told, ...jobs.map((_, i) => ({ at: end, ...finalOf(i + 1) }))];
  return timed.map((event, seq) => ({ seq, ...event }) as HistoryEvent);
}

const finalOf = (number: number) => ({
  kind: "final",
  number,
  job: String(number),
  stored: number % 50 === 0 ? "killed" : "success",
  leased: false,
  table: insertInto.source.rows,
  registered: false,
  residue: [],
  unsent: 0,
});

/** A job that was worked on for long. */
function callsOf(number: number, engine: (typeof engines)[number], count: number): Told[] {
  const random = seeded(number);
  const id = String(number);
  const query = `INSERT INTO effect_${number} SELECT * FROM source_rows`;
  const type = engine === "presto" ? "presto" : "hive";
  const request = { ...order, type, query, domain_key: domainKey(number) };
  const issued = issue(0, { job: id, request, reply: { job: id, job_id: id, database: "sample" } });
  const granted = grant(0, 1);
  const { job } = granted.reply as { job: object };
  const reply = { job: { ...job, job_id: id, type, engine, query } };
  const by = { by: `worker-v5-${1 + (number % 2)}`, job: id };
  const claim = { ...(granted.request as object), worker: by.by };
  const beat = heartbeat(0, 1, { ...by, request: { job_id: id, attempt: 1 } });
  const end = finish(0, 1, "success", {
    ...by,
    request: {
      job_id: id,
      attempt: 1,
      status: "success",
      num_records: 2,
      result_size: null,
      result_schema: null,
      message: null,
    },
    reply: { job_id: id, status: "success" },
  });
  const told = [
    issued,
    { ...granted, ...by, request: claim, reply },
    ...Array.from({ length: count - 4 }, () => beat),
    end,
  ];
  let at = Math.floor(number / atOnce) * count * 4_000 + random() * 1_000;
  const timed = told.map((call) => {
    const sent = at + 1_000 + random() * 5_000;
    at = sent + 1 + random() * 20;
    return { ...call, sent, at };
  });
  return [...timed, lookAtEnd(timed, { id, query, type, at: at + 200 })];
}

/** What its customer is shown when all is over. */
function lookAtEnd(
  timed: readonly Told[],
  { id, query, type, at }: { id: string; query: string; type: string; at: number },
): Told {
  const second = (place: number) => Math.floor((timed.at(place)?.at ?? 0) / 1_000) * 1_000;
  const text = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;
  const [created, started, ended] = [second(0), second(2), second(-1)] as const;
  const times = {
    created_at: text(created),
    start_at: text(started),
    updated_at: text(ended),
    end_at: text(ended),
    duration: (ended - started) / 1_000,
  };
  const { reply } = show(at, "success");
  return show(at, "success", {
    job: id,
    request: { job_id: id },
    reply: {
      ...(reply as object),
      ...times,
      job_id: id,
      type,
      query,
      url: `https://console.test/jobs/${id}`,
      num_records: 2,
    },
  });
}
