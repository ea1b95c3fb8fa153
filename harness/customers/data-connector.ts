import { type DestinationSettings, parseDestination } from "../../contracts/destination.ts";
import type { LoadMode } from "../../contracts/worded-jobs.ts";
import type { Caller } from "./caller.ts";
import { issue } from "./issue.ts";
import { ended } from "./to-its-end.ts";
import { isAnswer, isTaken, until } from "./until.ts";

/** What a customer has loaded from a bucket, as td and digdag do: into a table that it makes known before, under a key of its own. */
export interface Connection {
  database: string;
  table: string;
  mode: LoadMode;
  /** The URL of a bucket, with the access key. */
  result: string | undefined;
  domain_key: string | undefined;
  /** The same of buckets that no job can read: it has all of them tried before, each by a job of its own. */
  unreadable: readonly string[];
}

/** Makes the table known, and orders the job. @returns its id; null as with `issue` */
export async function orderLoad(
  caller: Caller,
  { database, table, mode, result = "", domain_key, unreadable }: Connection,
  giveUp: AbortSignal,
): Promise<string | null> {
  const make = () => caller.call("table.create", { database, table, type: "log" });
  if (!isTaken(await until(caller, giveUp, make, isAnswer))) return null;
  const order = (url: string, out: LoadMode, more = "") => {
    const read = parseDestination(url);
    const source = read.ok && read.settings.type === "s3" ? sourceAs(read.settings) : {};
    const keyed = domain_key === undefined ? {} : { domain_key: `${domain_key}${more}` };
    const config = { in: source, out: { mode: out } };
    return issue(caller, "connector.issue", { database, table, config, ...keyed }, giveUp);
  };
  const refused = unreadable.map(async (url, i) => {
    // What a load that fails was to replace stays as well.
    const id = await order(url, i % 2 === 0 ? mode : "replace", `-unreadable-${i}`);
    if (id !== null) await ended(caller, id, giveUp);
  });
  await Promise.all(refused);
  return await order(result, mode);
}

/** The settings of a config that mean a bucket. */
const sourceAs = (settings: Extract<DestinationSettings, { type: "s3" }>) => ({
  type: settings.type,
  bucket: settings.bucket,
  access_key_id: settings.user,
  secret_access_key: settings.password,
  path_prefix: settings.prefix,
  endpoint: `http${settings.tls ? "s" : ""}://${settings.host}:${settings.port}`,
  decoders: [{ type: "gzip" }],
  parser: { type: "jsonl" },
});
