import { z } from "zod";
import { accessKeyId, bucketName, filePrefix, isPrefix, s3Url, secretAccessKey } from "../destinations/s3.ts";
import { json, operation } from "../operation.ts";
import { clientVersion, jobId, objectName, optional } from "../values.ts";
import { type LoadMode, loadModes, type Values, worded } from "../worded-jobs.ts";
import { endpointForm, ordersBy, storeOf } from "./s3-store.ts";

/**
 * Customer side, Data Connector: a job that reads the records of a bucket and adds them to a table, or puts them in the place of
 * what is there. What of a config means nothing here is refused: a job that leaves it out would load something else.
 */

const defaultMode: LoadMode = loadModes[0];

/** Where the records are, and how they are packed: a JSON object a line, packed by gzip. */
const source = z.strictObject({
  type: z.enum(["s3"]),
  bucket: bucketName,
  access_key_id: accessKeyId,
  secret_access_key: secretAccessKey,
  /** The objects whose key begins so are read. */
  path_prefix: filePrefix,
  endpoint: optional(endpointForm),
  decoders: z.tuple([z.strictObject({ type: z.enum(["gzip"]) })]),
  parser: z.strictObject({ type: z.enum(["jsonl"]) }),
});

const input = z.object({
  database: objectName,
  table: objectName,
  config: z.strictObject({
    in: source,
    out: optional(z.strictObject({ mode: optional(z.enum(loadModes), defaultMode) })),
    /** Clients send an empty one. */
    exec: optional(z.strictObject({})),
  }),
  domain_key: optional(z.string().min(1).max(255)),
  /** Java says with each order that there is no query and that it has the usual priority. */
  query: optional(z.literal("")).optional(),
  priority: optional(z.literal([0, "0"])).optional(),
  version: clientVersion,
});

/** What such a job is to do, and where it reads: its words and the URL of its source. */
export interface ConnectorLoad {
  values: Values<"bulkload">;
  query: string;
  result: string;
}

/** Undefined where the request has a prefix or a store that is none: refused as `invalid_input`, as all that is not well-formed. */
export function connectorLoad(request: unknown): ConnectorLoad | undefined {
  const { data } = input.safeParse(request);
  if (data === undefined) return undefined;
  const { table, config } = data;
  const {
    bucket,
    access_key_id: user,
    secret_access_key: password,
    path_prefix: prefix,
    endpoint,
  } = config.in;
  const store = storeOf(endpoint);
  if (store === undefined || !isPrefix(prefix)) return undefined;
  const values = { table, mode: config.out?.mode ?? defaultMode };
  const result = s3Url({ type: "s3", ...store, user, password, bucket, prefix, format: "jsonl.gz" });
  return { values, query: worded("bulkload", values), result };
}

export const issueConnector = operation({
  id: "connector.issue",
  summary: "Issue the job that loads the records of a bucket of S3 into a table",
  method: "POST",
  path: "/v3/job/issue/bulkload/:database",
  audience: "customer",
  again: { is: "refused", by: ["domain_key"] },
  meaning: ordersBy(connectorLoad),
  input,
  reply: json(
    z.strictObject({ job_id: jobId, database: objectName, table: objectName }).meta({ id: "ConnectorJob" }),
  ),
  reasons: ["not_found", "domain_key_taken"],
});
