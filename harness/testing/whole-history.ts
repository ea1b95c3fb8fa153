import type {
  FinalEvent,
  HeldEvent,
  HistoryEvent,
  JobRecord,
  MachineEvent,
  RunEvent,
  WorldEvent,
} from "../history/event.ts";
import { historyVersion } from "../history/event.ts";
import type { Scenario } from "../schedule/scenario.ts";
import { scheduleFormat } from "../schedule/schedule.ts";
import { exchangeEvent } from "./events.ts";
import { limits } from "./limits.ts";

/** A history with every kind of event but that of the machine, as a rig in process would record it. */

const scenario: Scenario = {
  name: "web",
  source: {
    name: "trades",
    columns: [
      ["id", "bigint"],
      ["symbol", "string"],
    ],
    rows: [[1, "A"]],
  },
  statement: { kind: "select" },
  output: { kind: "web" },
  ending: "success",
  promise: "the rows arrive",
};

export const runEvent: RunEvent = {
  kind: "run",
  version: historyVersion,
  id: "run-1",
  rig: "simulated",
  epoch: null,
  schedule: {
    format: scheduleFormat,
    workload: { jobs: [{ scenario: "web", engine: "presto" }], workers: 1 },
    releases: { api: "current", workers: { v5: "current" } },
    seed: 1,
    faults: [
      {
        at: { link: "worker->api", operation: "worker.finish", job: 1, occurrence: 1, phase: "after" },
        fault: { kind: "lost" },
      },
    ],
  },
  scenarios: { web: scenario },
  limits,
  builds: [{ component: "api", release: "current", digest: "0123456789abcdef", image: null }],
};

const worldEvent: WorldEvent = {
  kind: "world",
  changes: [
    {
      place: "destination-web POST /sink/effect_1",
      what: "destination",
      job: 1,
      before: null,
      after: { columns: scenario.source.columns, keys: [], rows: 1 },
    },
  ],
  compared: ["destination-web"],
  notCompared: ["api: the config names no registeredTables"],
};

const recorded: JobRecord = {
  numRecords: 1,
  resultSchema: scenario.source.columns,
  message: null,
  receiptRows: 1,
  receiptChecksum: "0123",
};

export const finalEvent: FinalEvent = {
  kind: "final",
  number: 1,
  job: "1",
  stored: "success",
  leased: false,
  destination: { rows: [[1, "A"]], deliveries: 1 },
  result: [[1, "A"]],
  listed: true,
  registered: false,
  record: recorded,
  residue: [],
  unsent: 0,
};

const heldEvents: readonly [HeldEvent, HeldEvent] = [
  {
    kind: "held",
    phase: "before",
    number: 1,
    by: "worker-v5-1",
    table: null,
    destination: { rows: [[1, "A"]], deliveries: 1 },
  },
  { kind: "held", phase: "after", number: 1, by: "worker-v5-1", stored: "success", record: recorded },
];

/** Half a second on two cores that others use up, but for what a test changes about it. */
export const machineEvent = (more: Partial<MachineEvent> = {}): MachineEvent => ({
  kind: "machine",
  ms: 500,
  cores: 2,
  lagMs: 21.5,
  ownMs: 40,
  busyMs: 990,
  waitedMs: 480,
  components: { api: { usedMs: 30, heldMs: 0 }, "worker-v5": { usedMs: 20, heldMs: 0 } },
  ...more,
});

/** Rows whose JSON is too large for a line. */
export const manyRows = Array.from({ length: 3000 }, (_, i) => [i, `row ${i}`]);

export const wholeHistory: readonly HistoryEvent[] = [
  { seq: 0, at: 0, ...runEvent },
  { seq: 1, at: 1, kind: "component", component: "api", what: "started", detail: "" },
  exchangeEvent({ seq: 2, at: 5, sent: 4 }),
  exchangeEvent({ seq: 3, at: 6.25, sent: 5, reply: manyRows, headers: { request: { a: "b" }, reply: {} } }),
  { seq: 4, at: 7, kind: "fault", index: 0, what: "lost" },
  exchangeEvent({ seq: 5, at: 9, sent: 7, outcome: "unknown", status: null, served: 200, reply: manyRows }),
  { seq: 6, at: 7.5, ...heldEvents[0] },
  { seq: 7, at: 8.5, ...heldEvents[1] },
  { seq: 8, at: 10, ...worldEvent },
  { seq: 9, at: 10, ...finalEvent },
];
