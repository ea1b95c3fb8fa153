import fc from "fast-check";
import { expect, test } from "vitest";
import type { ApiProcess } from "../../contracts/in-process.ts";
import { enginesOf, type Generation } from "../../contracts/job.ts";
import type { ModelCall } from "../../contracts/model/call.ts";
import { judgeCalls } from "../../contracts/model/model.ts";
import { resultFormats } from "../../contracts/operations/jobs.ts";
import type { OperationId } from "../../contracts/operations.ts";
import { field } from "../../contracts/step.ts";
import { destinationOf } from "../../contracts/testing/model-calls.ts";
import { apikeys, neverAborted, plain, seed, tokens } from "../../harness/testing/plain-world.ts";
import { systemOf } from "./builds.ts";

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
  /** Milliseconds until it takes effect. */
  later: number;
}

/** How a call reaches the service and its answer comes back. */
interface Way {
  /** Milliseconds on the way there and back: calls with such ways overlap. */
  there: number;
  back: number;
  fate: "answered" | "answer lost" | "failed before" | "failed after";
}

const straight: Way = { there: 0, back: 0, fate: "answered" };

const winding: fc.Arbitrary<Way> = fc.record({
  there: fc.oneof(fc.nat(10), fc.nat(3_000)),
  back: fc.oneof(fc.nat(10), fc.nat(3_000)),
  fate: fc.constantFrom<Way["fate"]>(
    ...(["answered", "answered", "answered", "answered", "answered"] as const),
    ...(["answer lost", "failed before", "failed after"] as const),
  ),
});

const command: fc.Arbitrary<Command> = fc.record({
  operation: fc.constantFrom<OperationId>(
    ...(["job.issue", "job.issue", "job.show", "job.status", "job.list", "job.kill", "job.result"] as const),
    ...(["worker.claim", "worker.claim", "worker.heartbeat", "worker.receipt"] as const),
    ...(["worker.register_table", "worker.finish", "worker.finish"] as const),
    ...(["table.create", "table.show", "table.list"] as const),
    ...(["database.create", "database.show", "database.list"] as const),
  ),
  customer: fc.constantFrom(...clusters),
  generation: fc.constantFrom("v5", "v6"),
  worker: fc.nat(1),
  job: fc.nat(5),
  attempt: fc.integer({ min: -1, max: 1 }),
  choice: fc.nat(5),
  later: fc.oneof(fc.nat(2_000), fc.constant(31_000)),
});

/** What a worker holds, and since when it knows. */
interface Held {
  attempt: number;
  by: string;
  generation: Generation;
  since: number;
}

/** One conversation with a fresh API; remembers only what it was told. */
class Conversation {
  readonly calls: ModelCall[] = [];
  readonly clock = {
    at: Date.UTC(2026, 0, 2, 3, 4, 5),
    now: () => this.clock.at,
    monotonic: () => this.clock.at,
    sleep: async () => {},
  };
  /** By job: since when its id is known. */
  readonly #ids = new Map<string, number>();
  /** By job: its newest attempt. */
  readonly #held = new Map<string, Held>();
  api!: ApiProcess;

  async run(one: Command, way: Way): Promise<void> {
    const { there, back, fate } = way;
    const isOnJob = one.operation.startsWith("worker.") && one.operation !== "worker.claim";
    const id = [...this.#ids.keys()][one.job % Math.max(1, this.#ids.size)] ?? "99";
    const holder = isOnJob ? this.#held.get(id) : undefined;
    // Whoever never had a job has nothing to say about it.
    if (isOnJob && holder === undefined) return;
    const generation = holder?.generation ?? one.generation;
    const isWorkers = one.operation.startsWith("worker.");
    const by = isWorkers ? (holder?.by ?? `worker-${generation}-${one.worker}`) : "customer";
    // Where answers get lost, nobody guesses an attempt of which he was not told.
    const offset = way === straight ? one.attempt : Math.min(0, one.attempt);
    const request = requestOf(one, id, generation, by, (holder?.attempt ?? 1) + offset);
    const authorization = isWorkers ? `Worker ${tokens[generation]}` : `TD1 ${apikeys[one.customer]}`;
    const since = Math.max(this.#ids.get(id) ?? 0, holder?.since ?? 0);
    this.clock.at = Math.max(this.clock.at + one.later, since);
    const [sent, returned] = [Math.max(since, this.clock.at - there), this.clock.at + back];
    const answer =
      fate === "failed before" ? null : await this.api.call(one.operation, request, authorization);
    if (fate === "answered") this.#learn(answer?.body, { by, generation, since: returned });
    const failed = fate === "answer lost" ? { status: null, body: undefined } : { status: 503, body: {} };
    const seen = fate === "answered" && answer !== null ? answer : failed;
    this.calls.push({
      operation: one.operation,
      by,
      account: isWorkers ? null : { name: one.customer, cluster: one.customer },
      generation: isWorkers ? generation : null,
      sent,
      returned,
      request,
      status: seen.status,
      reply: seen.body,
      excused: fate !== "answered",
      // The service is asked also what it makes of reports that no worker would send.
      probe: ["worker.finish", "worker.receipt"].includes(one.operation) ? generation : undefined,
    });
  }

  #learn(body: unknown, held: Omit<Held, "attempt">): void {
    const issued = field(body, "job_id");
    if (typeof issued === "string" && !this.#ids.has(issued)) this.#ids.set(issued, held.since);
    const job = field(body, "job");
    const [id, attempt] = [field(job, "job_id"), field(job, "attempt")];
    if (typeof id !== "string" || typeof attempt !== "number") return;
    if (!this.#ids.has(id)) this.#ids.set(id, held.since);
    this.#held.set(id, { attempt, ...held });
  }
}

/** By the choice of a command. */
const pages: readonly Record<string, unknown>[] = [
  {},
  { from: 0, to: 1 },
  { from: 1, to: 3 },
  { from: 2, to: 1 },
  { status: "success", from: 0, to: 2 },
  { status: "queued", from: 1 },
];

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
      return pages[choice] ?? {};
    case "job.result":
      return { job_id, ...(choice === 0 ? {} : { format: resultFormats[choice - 1], header: "true" }) };
    case "worker.claim":
      return { generation, engines: [...enginesOf[generation]], worker, version: "digest" };
    case "worker.receipt":
      return { ...about, rows: 1, checksum };
    case "worker.register_table":
      return { ...about, database: "sample", table: `copies_${choice}`, columns: [["id", "bigint"]] };
    case "worker.finish": {
      const status = (["success", "success", "error", "killed", "success", "success"] as const)[choice];
      return {
        ...about,
        status,
        // A worker does not contradict itself.
        num_records: status === "success" ? 1 : null,
        result_size: null,
        result_schema: null,
        message: status === "success" ? null : "line 1: no such table",
      };
    }
    case "table.create":
    case "table.show":
      return {
        database: "sample",
        table: `copies_${choice}`,
        ...(operation === "table.create" ? { type: "log" } : {}),
      };
    case "table.list":
      return { database: choice === 0 ? "made_0" : "sample" };
    case "database.create":
    case "database.show":
      return { database: `made_${choice}` };
    case "database.list":
      return {};
    default:
      return operation.startsWith("worker.") ? about : { job_id };
  }
}

/** Lets the API answer, and the model judge, so many conversations. @returns how many calls were said and not judged */
async function converse(ways: fc.Arbitrary<Way>, lengths: fc.ArrayConstraints, numRuns: number) {
  const system = await systemOf("current");
  const count = { said: 0, unjudged: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(command, ways), lengths), async (commands) => {
      const conversation = new Conversation();
      conversation.api = system.startApi(system.createState(seed), {
        clock: conversation.clock,
        database: plain,
        stop: neverAborted,
      });
      const { at: start } = conversation.clock;
      for (const [one, its] of commands) await conversation.run(one, its);
      const { departures, unjudged } = judgeCalls(conversation.calls, start, {
        leaseMs: system.limits.leaseMs,
        clockErrorMs: 0,
        destinationOf,
        rowsOf: () => null,
        isOneBuild: true,
      });
      count.said += conversation.calls.length;
      count.unjudged += unjudged;
      expect(departures.map(({ call, problem }) => `${call.operation}: ${problem}`)).toEqual([]);
    }),
    { numRuns, seed: 1 },
  );
  return count;
}

test("100,000 calls in random order are what the model allows", async () => {
  const { said, unjudged } = await converse(fc.constant(straight), { minLength: 20, maxLength: 60 }, 4_000);
  expect(said).toBeGreaterThan(100_000);
  expect(unjudged).toBe(0);
});

test("so are 10,000 that overlap, get lost and fail half-way", async () => {
  const { said, unjudged } = await converse(winding, { minLength: 5, maxLength: 20 }, 2_000);
  expect(said).toBeGreaterThan(10_000);
  expect(unjudged).toBeLessThan(said / 100);
});
