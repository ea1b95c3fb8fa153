import { z } from "zod";
import { credentials } from "../../contracts/authority.ts";
import { clusters, engines, generations, jobStatuses } from "../../contracts/job.ts";
import { column, rows } from "../../contracts/values.ts";
import { toldLimitsSchema } from "../schedule/limits.ts";
import { scenarioSchema } from "../schedule/scenario.ts";
import { links, mostJobs, scheduleSchema, workloadJobSchema } from "../schedule/schedule.ts";
import { phases } from "../schedule/site.ts";
import { historyVersion } from "./event.ts";

/** The types of event.ts as schemas; what the keys mean is said there. */

const millis = z.number().min(0);
const headers = z.record(z.string(), z.string()).readonly();
const status = z.int().min(100).max(999).nullable();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits");
/** Any value. JSON has no undefined: a key with that value is not written. */
const anything = z.unknown().optional() as unknown as z.ZodUnknown;

const common = { seq: z.int().min(0), at: millis };

/** As it was run: a system that was only open to others has no job of its own. */
const scheduleRun = scheduleSchema
  .extend({
    workload: scheduleSchema.shape.workload.extend({ jobs: z.array(workloadJobSchema).max(mostJobs) }),
  })
  .meta({ id: "ScheduleRun", description: "What was run and what went wrong in it" });

const run = z.strictObject({
  ...common,
  kind: z.literal("run"),
  version: z.literal(historyVersion),
  id: z.string(),
  rig: z.string().min(1),
  epoch: millis.nullable(),
  timeScale: z.number().positive().optional(),
  schedule: scheduleRun,
  scenarios: z.record(z.string(), scenarioSchema).readonly(),
  limits: toldLimitsSchema,
  laterLimits: z.array(toldLimitsSchema).readonly().optional(),
  builds: z
    .array(
      z.strictObject({
        component: z.string().min(1),
        release: z.string().min(1),
        digest: z.string().min(1),
        image: z.string().nullable(),
      }),
    )
    .readonly(),
  images: z.record(z.string(), z.string()).readonly().optional(),
  settings: z.record(z.string(), z.string()).readonly().optional(),
  notices: z
    .strictObject({
      withinMs: millis,
      accounts: z.partialRecord(z.enum(clusters), z.int().positive()).readonly(),
      path: z.string().optional(),
    })
    .optional(),
  matrix: z
    .strictObject({
      cells: z.int().min(1),
      engines: z.array(z.enum(engines)).readonly(),
      unprobed: z.string().min(1).optional(),
    })
    .optional(),
  visit: z.strictObject({ jobs: z.int().min(0).max(mostJobs) }).optional(),
});

const exchange = z.strictObject({
  ...common,
  kind: z.literal("exchange"),
  link: z.enum(links),
  by: z.string().min(1),
  generation: z.enum(generations).nullable(),
  customer: z.enum(clusters).optional(),
  operation: z.string().min(1).nullable(),
  job: z.string().nullable(),
  method: z.exactOptional(z.string()),
  path: z.exactOptional(z.string()),
  headers: z.exactOptional(z.strictObject({ request: headers, reply: headers })),
  probe: z.enum(credentials).optional(),
  sent: millis,
  outcome: z.enum(["ok", "fail", "unknown"]),
  status,
  served: status.optional(),
  servedAt: millis.optional(),
  server: z.string().min(1).optional(),
  release: z.string().min(1).optional(),
  request: anything,
  reply: anything,
});

const component = z.strictObject({
  ...common,
  kind: z.literal("component"),
  component: z.string().min(1),
  what: z.enum(["started", "ready", "stopping", "exited", "retired", "paused", "resumed", "disclosed"]),
  detail: z.string(),
  build: z
    .strictObject({
      release: z.string().min(1),
      digest: z.string().min(1).nullable(),
      image: z.string().nullable(),
    })
    .optional(),
});

const fault = z.strictObject({
  ...common,
  kind: z.literal("fault"),
  index: z.int().min(0),
  what: z.string(),
});

const notice = z.strictObject({
  ...common,
  kind: z.literal("notice"),
  by: z.string().min(1),
  key: z.string().nullable(),
  method: z.string().optional(),
  path: z.string().optional(),
  mediaType: z.string().nullable().optional(),
  body: anything,
  status,
});

const columns = z.array(column).readonly();
const count = z.int().min(0);

const rowsFound = z.strictObject({
  ...common,
  kind: z.literal("rows"),
  customer: z.enum(clusters),
  database: z.string().min(1),
  table: z.string().min(1),
  rows: count.nullable(),
  sent: millis,
});

const content = z
  .strictObject({
    columns: columns.optional(),
    keys: z.array(z.string()).readonly().optional(),
    rows: count.optional(),
  })
  .nullable();

const acts = z.strictObject({
  made: count.optional(),
  dropped: count.optional(),
  emptied: count.optional(),
  altered: count.optional(),
  added: count.optional(),
  changed: count.optional(),
  removed: count.optional(),
  old: count.optional(),
  back: count.optional(),
  said: count.optional(),
  asked: count.optional(),
});

const trace = z.strictObject({
  place: z.string().min(1),
  what: z.enum(["table", "destination", "working", "own", "workers", "other"]),
  job: z.int().positive().nullable(),
  by: z.array(z.string()).readonly(),
  acts,
});

const world = z.strictObject({
  ...common,
  kind: z.literal("world"),
  changes: z
    .array(
      z.strictObject({
        place: z.string().min(1),
        what: z.enum(["table", "destination", "registration", "other"]),
        job: z.int().positive().nullable(),
        before: content,
        after: content,
      }),
    )
    .readonly(),
  traces: z.array(trace).readonly().optional(),
  disks: z.record(z.string(), z.array(z.string()).readonly()).readonly().optional(),
  compared: z.array(z.string()).readonly(),
  notCompared: z.array(z.string()).readonly(),
});

const record = z.strictObject({
  numRecords: count.nullable(),
  resultSchema: columns.nullable(),
  message: z.string().nullable(),
  receiptRows: count.nullable(),
  receiptChecksum: z.string().nullable(),
});

const machine = z.strictObject({
  ...common,
  kind: z.literal("machine"),
  ms: millis,
  cores: z.number().positive(),
  lagMs: millis,
  ownMs: millis,
  busyMs: millis.nullable(),
  waitedMs: millis.nullable(),
  components: z.record(z.string(), z.strictObject({ usedMs: millis.nullable(), heldMs: millis })).readonly(),
});

const landed = z.strictObject({ rows, deliveries: count.nullable() });

const held = z.strictObject({
  ...common,
  kind: z.literal("held"),
  phase: z.enum(phases),
  number: z.int().positive(),
  by: z.string().min(1),
  table: rows.nullish(),
  destination: landed.optional(),
  stored: z.enum(jobStatuses).nullish(),
  record: record.optional(),
});

const final = z.strictObject({
  ...common,
  kind: z.literal("final"),
  number: z.int().positive(),
  visitor: z.strictObject({ customer: z.enum(clusters), engine: z.enum(engines) }).optional(),
  job: z.string().nullable(),
  stored: z.enum(jobStatuses).nullable(),
  leased: z.boolean(),
  table: rows.nullish(),
  destination: landed.optional(),
  result: rows.nullish(),
  listed: z.boolean().optional(),
  shown: columns.nullish(),
  registered: z.boolean().nullable(),
  record: record.optional(),
  residue: z.array(z.string()).readonly(),
  unsent: z.int().min(0),
});

export const eventSchema = z.discriminatedUnion("kind", [
  run,
  exchange,
  component,
  fault,
  machine,
  held,
  notice,
  rowsFound,
  world,
  final,
]);

/** The last line: how many events there are, and the sha256 of all bytes before it. */
export const endSchema = z.strictObject({ kind: z.literal("end"), events: z.int().min(1), sha256 });
export type End = z.infer<typeof endSchema>;

/** What stands in the place of a large value: the digest of the file that holds it, and its length. */
export const referenceSchema = z.strictObject({ $body: sha256, bytes: z.int().min(0) });
export type Reference = z.infer<typeof referenceSchema>;

export const lineSchema = z.discriminatedUnion("kind", [...eventSchema.options, endSchema]).meta({
  id: "HistoryLine",
  description:
    'One line of a history. A value of an event that is larger than 16 KiB is in a file of its own; {"$body": sha256, "bytes": length} stands in its place.',
});
