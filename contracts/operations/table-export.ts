import { z } from "zod";
import {
  accessKeyId,
  bucketName,
  filePrefix,
  isPrefix,
  type S3Format,
  s3Formats,
  s3Url,
  secretAccessKey,
} from "../destinations/s3.ts";
import { json, operation } from "../operation.ts";
import { jobId, objectName, optional, wireInteger } from "../values.ts";
import { type Values, worded } from "../worded-jobs.ts";
import { endpointForm, ordersBy, storeOf } from "./s3-store.ts";

/**
 * Customer side, Export: a job that writes the records of a table to a bucket. `from` belongs to the range and `to` does
 * not; without one of them the range has no bound there.
 */

/** As many seconds as its wording has digits for. */
const endless = 999_999_999_999_999;

/** Seconds since the epoch. */
const second = wireInteger.pipe(z.int().nonnegative().max(endless));

export const exportDefaults: { file_format: S3Format; file_prefix: string } = {
  file_format: s3Formats[0],
  file_prefix: "",
};

const input = z.object({
  database: objectName,
  table: objectName,
  storage_type: z.enum(["s3"]),
  bucket: bucketName,
  access_key_id: accessKeyId,
  secret_access_key: secretAccessKey,
  file_prefix: optional(filePrefix, exportDefaults.file_prefix),
  file_format: optional(z.enum(s3Formats), exportDefaults.file_format),
  from: optional(second),
  to: optional(second),
  endpoint: optional(endpointForm),
  domain_key: optional(z.string().min(1).max(255)),
});

/** What such a job is to do, and where to: its words and the URL of its destination. */
export interface TableExport {
  values: Values<"export">;
  query: string;
  result: string;
}

/** Undefined where the request has a range, a prefix or a store that is none: refused as `invalid_input`, as all that is not well-formed. */
export function tableExport(request: unknown): TableExport | undefined {
  const { data } = input.safeParse(request);
  if (data === undefined) return undefined;
  const { table, from = 0, to = endless } = data;
  const store = storeOf(data.endpoint);
  const prefix = data.file_prefix ?? exportDefaults.file_prefix;
  if (from >= to || store === undefined || !isPrefix(prefix)) return undefined;
  const values = { table, from, to };
  const result = s3Url({
    type: "s3",
    ...store,
    user: data.access_key_id,
    password: data.secret_access_key,
    bucket: data.bucket,
    prefix,
    format: data.file_format ?? exportDefaults.file_format,
  });
  return { values, query: worded("export", values), result };
}

export const exportTable = operation({
  id: "table.export",
  summary: "Issue the job that writes the records of a table, of all times or of a range, to a bucket of S3",
  method: "POST",
  path: "/v3/export/run/:database/:table",
  audience: "customer",
  again: { is: "refused", by: ["domain_key"] },
  meaning: ordersBy(tableExport),
  input,
  reply: json(
    z.strictObject({ job_id: jobId, database: objectName, table: objectName }).meta({ id: "TableExport" }),
  ),
  reasons: ["not_found", "domain_key_taken"],
});
