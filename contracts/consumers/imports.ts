import { z } from "zod";
import type { ConsumerContract, GivenJob, Interaction } from "../consumer.ts";
import type { Generation } from "../job.ts";

/**
 * What workers that know Bulk Import need besides what their generation needs: a contract of its own, since those of the
 * generations are released. A worker that does not know it ends such a job in error.
 */

const parts = { "part.1": "H4sI", "part.2": "AAECAwQ=" };
const performing: GivenJob = { type: "hive", query: "BULK IMPORT PERFORM", stage: "claimed", parts };
const counts = { valid_records: 2, error_records: 1, valid_parts: 1, error_parts: 1 };
const success = {
  attempt: 1,
  status: "success",
  num_records: null,
  result_size: null,
  result_schema: null,
  message: null,
};

const handed = (name: string, after: string | undefined, part: keyof typeof parts | null): Interaction => ({
  name,
  given: performing,
  operation: "worker.import_part",
  send: { attempt: 1, ...(after === undefined ? {} : { after }) },
  reply: { part: part === null ? null : { name: part, content: parts[part] } },
  reads: z.looseObject({
    part:
      part === null ? z.null() : z.looseObject({ name: z.literal(part), content: z.literal(parts[part]) }),
  }),
});

const interactions: Interaction[] = [
  handed("is handed the first part of the session that it performs", undefined, "part.1"),
  handed("is handed the part behind one that it names", "part.1", "part.2"),
  handed("learns that there is no part behind the last", "part.2", null),
  {
    name: "says what is in the parts with the success of a perform",
    given: performing,
    operation: "worker.finish",
    send: { ...success, import_counts: counts },
    reply: { job_id: "1", status: "success" },
    reads: z.looseObject({ status: z.literal("success") }),
  },
  {
    name: "is refused the success of a perform that does not say it",
    given: performing,
    operation: "worker.finish",
    send: success,
    reply: {
      error: "counts missing",
      text: "counts missing",
      severity: "error",
      details: { reason: "counts_missing" },
    },
    reads: z.looseObject({
      error: z.string(),
      details: z.looseObject({ reason: z.literal("counts_missing") }),
    }),
  },
];

const contractOf = (generation: Generation, engine: "hive-cdh4" | "hive-hdp2"): ConsumerContract => ({
  consumer: `worker-${generation}-imports`,
  generation,
  engines: [engine],
  released: "2026-11-27",
  interactions,
});

export const importsV5 = contractOf("v5", "hive-cdh4");
export const importsV6 = contractOf("v6", "hive-hdp2");
