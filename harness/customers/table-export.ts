import { type DestinationSettings, parseDestination } from "../../contracts/destination.ts";
import type { Caller } from "./caller.ts";
import { issue } from "./issue.ts";
import { isAnswer, isTaken, until } from "./until.ts";

/** What a customer has written to a bucket, as digdag does: the records of a table of some time, under a key of its own. */
export interface Extraction {
  database: string;
  table: string;
  from: number;
  to: number;
  /** The URL of a bucket, with the access key. */
  result: string | undefined;
  domain_key: string | undefined;
}

/** Makes the table known, whose rows are there, and orders the job. @returns its id; null as with `issue` */
export async function orderTableExport(
  caller: Caller,
  { database, table, from, to, result = "", domain_key }: Extraction,
  giveUp: AbortSignal,
): Promise<string | null> {
  const make = () => caller.call("table.create", { database, table, type: "log" });
  if (!isTaken(await until(caller, giveUp, make, isAnswer))) return null;
  const read = parseDestination(result);
  const bucket = read.ok && read.settings.type === "s3" ? bucketAs(read.settings) : {};
  const order = { database, table, from, to, ...bucket, ...(domain_key === undefined ? {} : { domain_key }) };
  return await issue(caller, "table.export", order, giveUp);
}

/** The parameters that mean a bucket. */
const bucketAs = (settings: Extract<DestinationSettings, { type: "s3" }>) => ({
  storage_type: settings.type,
  bucket: settings.bucket,
  access_key_id: settings.user,
  secret_access_key: settings.password,
  file_prefix: settings.prefix,
  file_format: settings.format,
  endpoint: `http${settings.tls ? "s" : ""}://${settings.host}:${settings.port}`,
});
