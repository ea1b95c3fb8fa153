import fc from "fast-check";
import { expect, test } from "vitest";
import type { ApiProcess } from "../../contracts/in-process.ts";
import { enginesOf, type Generation } from "../../contracts/job.ts";
import type { ModelCall } from "../../contracts/model/call.ts";
import { judgeCalls } from "../../contracts/model/model.ts";
import type { OperationId } from "../../contracts/operations.ts";
import { field } from "../../contracts/step.ts";
import { destinationOf } from "../../contracts/testing/model-calls.ts";
import { apikeys, plain, seed, systemOf, tokens } from "./builds.ts";

/** The model and the reference API, written apart from each other, say the same of any sequence of calls. */

const checksum = "5".repeat(64);
const clusters = ["cdh4", "hdp2"] as const;
type Cluster = (typeof clusters)[number];

/** Numbers from which a command chooses what it is about: jobs and attempts are known only when it is run. */
interface Command {
  operation: OperationId;
  customer: Cluster;
  generation: Generation;
  worker: number;
  job: number;
  attempt: number;
  choice: number;
  /** Milliseconds until it is sent. */
  later: number;
}

const command: fc.Arbitrary<Command> = fc.record({
  operation: fc.constantFrom<OperationId>(
    ...(["job.issue", "job.issue", "job.show", "job.status", "job.list", "job.kill", "job.result"] as const),
    ...(["worker.claim", "worker.claim", "worker.heartbeat", "worker.receipt"] as const),
    ...(["worker.register_table", "worker.finish", "worker.finish"] as const),
  ),
  customer: fc.constantFrom(...clusters),
  generation: fc.constantFrom("v5", "v6"),
  worker: fc.nat(1),
  job: fc.nat(5),
  attempt: fc.integer({ min: -1, max: 1 }),
  choice: fc.nat(5),
  later: fc.oneof(fc.nat(2_000), fc.constant(31_000)),
});

/** One conversation with a fresh API; remembers only what it was told. */
class Conversation {
  readonly calls: ModelCall[] = [];
  readonly clock = { at: Date.UTC(2026, 0, 2, 3, 4, 5), now: () => this.clock.at, sleep: async () => {} };
  readonly #ids: string[] = [];
  /** By job: its newest attempt, and who holds it. */
  readonly #held = new Map<string, { attempt: number; by: string; generation: Generation }>();
  api!: ApiProcess;

  async run(one: Command): Promise<void> {
    this.clock.at += one.later;
    const isWorkers = one.operation.startsWith("worker.");
    const id = this.#ids[one.job % Math.max(1, this.#ids.length)] ?? "99";
    const holder = isWorkers && one.operation !== "worker.claim" ? this.#held.get(id) : undefined;
    const generation = holder?.generation ?? one.generation;
    const by = isWorkers ? (holder?.by ?? `worker-${generation}-${one.worker}`) : "customer";
    // Whoever never had a job has nothing to say about it.
    if (isWorkers && one.operation !== "worker.claim" && holder === undefined) return;
    const request = requestOf(one, id, generation, by, (holder?.attempt ?? 1) + one.attempt);
    const authorization = isWorkers ? `Worker ${tokens[generation]}` : `TD1 ${apikeys[one.customer]}`;
    const sent = this.clock.at;
    const { status, body } = await this.api.call(one.operation, request, authorization);
    this.#learn(body, by, generation);
    this.calls.push({
      operation: one.operation,
      by,
      account: isWorkers ? null : { name: one.customer, cluster: one.customer },
      generation: isWorkers ? generation : null,
      sent,
      returned: sent,
      request,
      status,
      reply: body,
      excused: false,
    });
  }

  #learn(body: unknown, by: string, generation: Generation): void {
    const issued = field(body, "job_id");
    if (typeof issued === "string" && !this.#ids.includes(issued)) this.#ids.push(issued);
    const job = field(body, "job");
    const [id, attempt] = [field(job, "job_id"), field(job, "attempt")];
    if (typeof id === "string" && typeof attempt === "number")
      this.#held.set(id, { attempt, by, generation });
  }
}

function requestOf(
  { operation, choice, customer }: Command,
  job_id: string,
  generation: Generation,
  worker: string,
  attempt: number,
): Record<string, unknown> {
  const about = { job_id, attempt };
  switch (operation) {
    case "job.issue":
      return {
        type: choice % 2 === 0 ? "presto" : "hive",
        database: choice === 5 ? "nowhere" : seed.customers.find((one) => one.cluster === customer)?.database,
        query: choice === 3 ? "CREATE TABLE copies AS SELECT 1" : "SELECT 1",
        ...(choice === 2 ? { result: "web://user:secret@sink.test/x" } : {}),
        ...(choice === 4 ? { result: "nowhere" } : {}),
        ...(choice === 1 ? { domain_key: "again", priority: 2 } : {}),
      };
    case "job.list":
      return choice === 0 ? {} : { from: 0, to: choice };
    case "worker.claim":
      return { generation, engines: [...enginesOf[generation]], worker, version: "digest" };
    case "worker.receipt":
      return { ...about, rows: 1, checksum };
    case "worker.register_table":
      return { ...about, database: "sample", table: `copies_${choice}`, columns: [["id", "bigint"]] };
    case "worker.finish":
      return {
        ...about,
        status: (["success", "success", "error", "killed", "success", "success"] as const)[choice],
        // A worker does not contradict itself.
        num_records: 1,
        result_size: null,
        result_schema: null,
        message: choice === 2 ? "line 1: no such table" : null,
      };
    default:
      return operation.startsWith("worker.") ? about : { job_id };
  }
}

test("100,000 calls in random order are what the model allows", async () => {
  const system = await systemOf("current");
  let said = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 20, maxLength: 60 }), async (commands) => {
      const conversation = new Conversation();
      conversation.api = system.startApi(system.createState(seed), {
        clock: conversation.clock,
        database: plain,
      });
      const { at: start } = conversation.clock;
      for (const one of commands) await conversation.run(one);
      said += conversation.calls.length;
      const { departures, unjudged } = judgeCalls(conversation.calls, start, {
        leaseMs: system.limits.leaseMs,
        clockErrorMs: 0,
        destinationOf,
        rowsOf: () => null,
      });
      expect(departures.map(({ call, problem }) => `${call.operation}: ${problem}`)).toEqual([]);
      expect(unjudged).toBe(0);
    }),
    { numRuns: 4_000, seed: 1 },
  );
  expect(said).toBeGreaterThan(100_000);
});
