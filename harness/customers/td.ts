import { Readable } from "node:stream";
import type { TDClient } from "#td";
import type { Reply } from "../../contracts/in-process.ts";
import type { OperationId } from "../../contracts/operations.ts";
import type { Caller } from "./caller.ts";

type Done = (error: Error | null, value: unknown) => void;
type Input = Record<string, unknown>;

/** The client's methods by the operation that they make. */
const methods: Partial<Record<OperationId, (client: TDClient, input: Input, done: Done) => void>> = {
  "job.issue": (client, { type, database, query, result, retry_limit }, done) => {
    const options = {
      ...(typeof result === "string" ? { result } : {}),
      ...(retry_limit === undefined ? {} : { retry_limit }),
    };
    if (type === "presto") client.prestoQuery(String(database), String(query), options, done);
    else client.hiveQuery(String(database), String(query), options, done);
  },
  "job.show": (client, input, done) => client.showJob(String(input["job_id"]), done),
  "job.list": (client, input, done) => client.listJobs(Number(input["from"]), done),
  "job.kill": (client, input, done) => client.kill(String(input["job_id"]), done),
  "job.result": (client, input, done) =>
    client.jobResult(String(input["job_id"]), String(input["format"]), done),
  "database.create": (client, input, done) => client.createDatabase(String(input["database"]), done),
  "database.delete": (client, input, done) => client.deleteDatabase(String(input["database"]), done),
  "table.create": (client, input, done) =>
    client.createLogTable(String(input["database"]), String(input["table"]), done),
  "table.swap": (client, { database, first, second }, done) =>
    client.swapTable(String(database), String(first), String(second), done),
  "table.delete": (client, input, done) =>
    client.deleteTable(String(input["database"]), String(input["table"]), done),
  "table.list": (client, input, done) => client.listTables(String(input["database"]), done),
  "table.import": (client, input, done) => sendChunk(client, input, [done]),
  "table.import_with_id": (client, input, done) =>
    sendChunk(client, input, [String(input["unique_id"]), done]),
  "bulk_import.create": (client, { name, database, table }, done) =>
    client.createBulkImport(String(name), String(database), String(table), done),
  "bulk_import.upload_part": (client, { name, part, content }, done) => {
    const bytes = Buffer.from(String(content), "base64");
    client.bulkImportUploadPart(String(name), String(part), Readable.from([bytes]), done);
  },
  "bulk_import.perform": (client, input, done) => client.performBulkImport(String(input["name"]), done),
  "bulk_import.commit": (client, input, done) => client.commitBulkImport(String(input["name"]), done),
  "bulk_import.delete": (client, input, done) => client.deleteBulkImport(String(input["name"]), done),
  "bulk_import.show": (client, input, done) => client.showBulkImport(String(input["name"]), done),
};

/** Whether the client has a way to make this call. */
export const isKnownToTd = (operation: OperationId): boolean => methods[operation] !== undefined;

function sendChunk(
  client: TDClient,
  { database, table, format, content }: Input,
  rest: [string, Done] | [Done],
): void {
  const bytes = Buffer.from(String(content), "base64");
  const body = Readable.from([bytes]);
  client.import(String(database), String(table), String(format), body, bytes.byteLength, ...rest);
}

/**
 * The public client of the job service, npm `td`, as it is: it stands for what customers really send. It knows no domain
 * key, tells no status, and has no time-out: an answer that does not come within `limitMs` is none.
 *
 * @param host host and port of the API
 * @param limitMs real milliseconds
 */
export function tdCaller(
  apikey: string,
  host: string,
  { limitMs, sleep, stop }: { limitMs: number; sleep: Caller["sleep"]; stop: AbortSignal },
): Caller {
  let connected: Promise<TDClient> | undefined;
  // Loading it takes 0.1 s, and a replay without containers never needs it.
  const connect = async () => new (await import("#td")).TDClient(apikey, { host, protocol: "http" });
  return {
    sleep,
    lacks: (operation) => !isKnownToTd(operation),
    call: async (operation, input) => {
      const method = methods[operation];
      if (method === undefined) throw new Error(`npm td has no method for ${operation}`);
      connected ??= connect();
      const client = await connected;
      if (stop.aborted) return null;
      const { promise, resolve } = Promise.withResolvers<Reply | null>();
      const limit = setTimeout(() => resolve(null), limitMs);
      const onStop = () => resolve(null);
      stop.addEventListener("abort", onStop, { once: true });
      method(client, input, (error, value) => resolve(replyOf(error, value)));
      try {
        return await promise;
      } finally {
        clearTimeout(limit);
        stop.removeEventListener("abort", onStop);
      }
    },
  };
}

/** An error with a body is a refusal of the service, whatever its status was; one without is no answer. */
function replyOf(error: Error | null, value: unknown): Reply | null {
  if (error === null) return { status: 200, body: value };
  return value === undefined ? null : { status: refusedStatus, body: value };
}

/** The client tells no status: to whoever uses it every refusal is final. */
const refusedStatus = 400;
