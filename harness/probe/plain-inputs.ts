import type { Limit } from "../../contracts/bounds/declared.ts";
import type { OperationId } from "../../contracts/operations.ts";
import { packedRecords } from "../packed-records.ts";
import type { Held, Input, Party } from "./probe.ts";
import { ended, insert } from "./tries.ts";

/** For each operation an input that is right, about what there is while questions are asked. */

export type Side = Limit["side"];

/** What there is while questions are asked: its names are as short, or as long, as names may be. */
export interface Scene {
  side: Side;
  database: string;
  table: string;
  second: string;
  renamed: string;
  session: string;
  part: string;
  scheduled: string;
  user: string;
  /** Of a result target. */
  named: string;
  /** A job with a result. */
  target: string;
  /** The job that a worker of the party holds, of a perform. */
  held: Held;
}

export const sign = "1";
const chunk = { format: "msgpack.gz", content: packedRecords([{ time: 1, a: 1 }]) };
const hours = { from: 3_600, to: 7_200 };

/** A bucket of nobody. */
export const bucket = {
  storage_type: "s3",
  bucket: "probe-rows",
  access_key_id: "prober",
  secret_access_key: "probers-secret/+@",
  endpoint: "http://probe.invalid",
};

/** What nobody can read there. */
export const source = {
  type: "s3",
  bucket: bucket.bucket,
  access_key_id: bucket.access_key_id,
  secret_access_key: bucket.secret_access_key,
  path_prefix: "of/the/probe/",
  endpoint: bucket.endpoint,
  decoders: [{ type: "gzip" }],
  parser: { type: "jsonl" },
};

/** Of a session and a part of it. */
const ofSession = ({ session }: Scene): Input => ({ name: session });
const ofPart = ({ session, part }: Scene): Input => ({ name: session, part });
const ofScheduled = ({ scheduled }: Scene): Input => ({ name: scheduled });
const ofUser = ({ user }: Scene): Input => ({ name: user });
const ofTable = ({ database, table }: Scene): Input => ({ database, table });
const ofDatabase = ({ database }: Scene): Input => ({ database });

/** What is right about an input besides its limits; an operation without limits has none. */
export const plain: Partial<Record<OperationId, (scene: Scene, party: Party) => Input>> = {
  "job.issue": ({ database }, party) => ({ ...party.order(insert), database, domain_key: undefined }),
  "job.list": () => ({ from: 0, to: 1 }),
  "database.create": ofDatabase,
  "database.show": ofDatabase,
  "database.delete": ofDatabase,
  "table.create": (scene) => ({ ...ofTable(scene), type: "log" }),
  "table.list": ofDatabase,
  "table.show": ofTable,
  "table.delete": ofTable,
  "table.rename": (scene) => ({ ...ofTable(scene), new_name: scene.renamed }),
  "table.swap": ({ database, table, second }) => ({ database, first: table, second }),
  "table.update_schema": ({ database, second }) => ({ database, table: second, schema: [["a", "long"]] }),
  "table.update": ({ database, second }) => ({ database, table: second, expire_days: 1 }),
  "result.create": ({ named }) => ({ name: named, url: destination(20) }),
  "result.delete": ({ named }) => ({ name: named }),
  "job.result_export": ({ target }) => ({ target_id: target, result: destination(20) }),
  "table.partial_delete": (scene) => ({ ...ofTable(scene), ...hours }),
  "table.export": (scene) => ({ ...ofTable(scene), ...bucket, ...hours }),
  "connector.issue": (scene) => ({ ...ofTable(scene), config: { in: source } }),
  "table.import": (scene) => ({ ...ofTable(scene), ...chunk }),
  "table.import_with_id": (scene) => ({ ...ofTable(scene), ...chunk, unique_id: sign }),
  "bulk_import.create": (scene) => ({ ...ofSession(scene), ...ofTable(scene) }),
  "bulk_import.upload_part": (scene) => ({ ...ofPart(scene), content: "AAEC" }),
  "bulk_import.delete_part": ofPart,
  "bulk_import.list_parts": ofSession,
  "bulk_import.freeze": ofSession,
  "bulk_import.unfreeze": ofSession,
  "bulk_import.perform": (scene) => ({ ...ofSession(scene), priority: 0 }),
  "bulk_import.commit": ofSession,
  "bulk_import.delete": ofSession,
  "bulk_import.show": ofSession,
  "bulk_import.error_records": ofSession,
  "scheduled_query.create": ({ scheduled, database }, party) => ({
    ...party.scheduled(scheduled, { query: insert }),
    database,
  }),
  "scheduled_query.update": (scene) => ({ ...ofScheduled(scene), ...ofDatabase(scene) }),
  "scheduled_query.history": (scene) => ({ ...ofScheduled(scene), from: 0, to: 1 }),
  "scheduled_query.run": (scene) => ({ ...ofScheduled(scene), time: 60, num: 1 }),
  "scheduled_query.delete": ofScheduled,
  "user.authenticate": () => ({ user: sign, password: "of nobody" }),
  "user.add": (scene) => ({
    ...ofUser(scene),
    email: `${scene.user.slice(0, 3)}@probe.invalid`,
    password: "of the scene",
  }),
  "user.remove": ofUser,
  "user.apikeys": ofUser,
  "user.add_apikey": ofUser,
  "user.remove_apikey": (scene) => ({ ...ofUser(scene), apikey: "1/of-nobody" }),
  "worker.claim": (_, party) => party.claimOf(1),
  "worker.heartbeat": ({ held }) => held,
  "worker.register_table": ({ held, database, renamed }) => ({
    ...held,
    database,
    table: `${renamed.slice(0, -1)}2`,
    columns: [["a", "long"]],
  }),
  "worker.import_part": ({ held }) => held,
  "worker.receipt": ({ held }) => ({ ...held, rows: 0, checksum: sign.repeat(64) }),
  "worker.finish": ({ held }) => ({
    ...ended(held, "success", { num_records: 0, result_size: 0, result_schema: [["a", "long"]] }),
    import_counts: { valid_records: 0, error_records: 0, valid_parts: 0, error_parts: 0 },
  }),
};

/** A destination as long as it is told to be. */
export const destination = (length: number): string => "web://probe.invalid/".padEnd(length, sign);
