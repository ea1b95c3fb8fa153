import type { ConsumerContract, Interaction } from "../../contracts/consumer.ts";
import type { ApiProcess } from "../../contracts/in-process.ts";
import { enginesOf } from "../../contracts/job.ts";
import { bodyOf, fillPath, splitInput } from "../../contracts/operation.ts";
import { type OperationId, operations } from "../../contracts/operations.ts";
import { apikeys, tokens } from "./plain-world.ts";

/** Brings an API in the plain world to the state that an interaction is given in, by its own operations. @returns the job's id */
export async function bringAbout(
  api: ApiProcess,
  { generation }: ConsumerContract,
  { given }: Interaction,
): Promise<string | null> {
  if (given === null) return null;
  const cluster = generation === "v6" ? "hdp2" : "cdh4";
  const customer = `TD1 ${apikeys[cluster]}`;
  const worker = `Worker ${tokens[generation]}`;
  const { type, query, result, stage, killRequested, parts } = given;
  const order = { type, database: "sample", query, ...(result === undefined ? {} : { result }) };
  const issued =
    parts === undefined
      ? await well(send(api, "job.issue", order, customer))
      : await performed(parts, (operation, input) => well(send(api, operation, input, customer)));
  const job = String(issued["job_id"]);
  if (stage === "queued") return job;
  await well(
    send(
      api,
      "worker.claim",
      { generation, engines: [...enginesOf[generation]], worker: "w", version: "1" },
      worker,
    ),
  );
  if (killRequested) await well(send(api, "job.kill", { job_id: job }, customer));
  if (stage === "delivered") {
    await well(
      send(api, "worker.receipt", { job_id: job, attempt: 1, rows: 2, checksum: "0".repeat(64) }, worker),
    );
  }
  if (stage === "finished") {
    const report = {
      attempt: 1,
      status: "success",
      num_records: 2,
      result_size: 40,
      result_schema: [],
      message: null,
    };
    await well(send(api, "worker.finish", { job_id: job, ...report }, worker));
  }
  return job;
}

/** A session with these parts, and the job that performs it. */
async function performed(
  parts: Readonly<Record<string, string>>,
  ask: (operation: OperationId, input: Record<string, unknown>) => ReturnType<typeof well>,
) {
  const name = "session_1";
  await ask("table.create", { database: "sample", table: "loaded", type: "log" });
  await ask("bulk_import.create", { name, database: "sample", table: "loaded" });
  for (const [part, content] of Object.entries(parts).toReversed())
    await ask("bulk_import.upload_part", { name, part, content });
  await ask("bulk_import.freeze", { name });
  return await ask("bulk_import.perform", { name });
}

/** One operation over the API's own HTTP edge. */
export async function send(
  api: ApiProcess,
  id: OperationId,
  input: Record<string, unknown>,
  authorization: string,
) {
  const { method, path } = operations[id];
  const rest = splitInput({ method, path }, input).body;
  const body = method === "GET" ? null : bodyOf(method, rest);
  const url = fillPath(path, input);
  const headers = { authorization, "content-type": "application/json" };
  const reply = await api.fetch(new Request(`http://api.interlock.test${url}`, { method, headers, body }));
  return { status: reply.status, body: (await reply.json()) as unknown, url };
}

/** A state that cannot be brought about is a failure of its own, not a pass. */
async function well(sent: ReturnType<typeof send>): Promise<Record<string, unknown>> {
  const { status, body, url } = await sent;
  if (status !== 200)
    throw new Error(`${url} answered ${status} while the state was brought about: ${JSON.stringify(body)}`);
  return body as Record<string, unknown>;
}
