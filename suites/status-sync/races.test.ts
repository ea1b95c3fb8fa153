import fc from "fast-check";
import { expect, test } from "vitest";
import { type ApiProcess, type Reply, willing } from "../../contracts/in-process.ts";
import type { OperationId } from "../../contracts/operations.ts";
import { apikeys, seed, tokens } from "../../harness/testing/plain-world.ts";
import { rigOf } from "./system.ts";

/** Races for one job, in every order that fast-check's scheduler comes up with: one of them wins, and all agree who. */

const customer = `TD1 ${apikeys.cdh4}`;
const worker = `Worker ${tokens.v5}`;
const clock = { now: () => 1_000, monotonic: () => 1_000, sleep: async () => {} };

const neverAborted = new AbortController().signal;

interface Ended {
  job: { status: string; attempt: number } | undefined;
  replies: Record<string, Reply>;
}

/** A claimed job, and then all of these calls under way at the same time. */
async function race(
  scheduler: fc.Scheduler,
  calls: Record<string, (api: ApiProcess, job: string) => Promise<Reply>>,
): Promise<Ended> {
  const { system } = await rigOf();
  const state = system.createState(seed);
  // Every transaction waits for its turn, so the scheduler decides the order in which the calls get to the database.
  const api = system.startApi(state, {
    clock,
    stop: neverAborted,
    database: async (call, effect) => {
      if (racing) await scheduler.schedule(Promise.resolve(), call.operation);
      return effect(willing);
    },
  });
  let racing = false;
  const issued = await call(
    api,
    "job.issue",
    { type: "presto", database: "sample", query: "SELECT symbol FROM trades" },
    customer,
  );
  const job = (issued.body as { job_id: string }).job_id;
  await call(api, "worker.claim", claim, worker);
  racing = true;
  const replies: Record<string, Reply> = {};
  const all = Object.entries(calls).map(async ([name, make]) => {
    replies[name] = await make(api, job);
  });
  await scheduler.waitFor(Promise.all(all));
  return { job: state.job(job), replies };
}

const claim = { generation: "v5", engines: ["presto"], worker: "w", version: "1" };
const call = (api: ApiProcess, id: OperationId, input: Record<string, unknown>, as: string) =>
  api.call(id, input, as);
const finish = (status: string) => (api: ApiProcess, job: string) =>
  call(
    api,
    "worker.finish",
    {
      job_id: job,
      attempt: 1,
      status,
      num_records: null,
      result_size: null,
      result_schema: null,
      message: null,
    },
    worker,
  );
const kill = (api: ApiProcess, job: string) => call(api, "job.kill", { job_id: job }, customer);

function replyOf(replies: Record<string, Reply>, name: string): Reply {
  const reply = replies[name];
  if (reply === undefined) throw new Error(`${name} got no reply`);
  return reply;
}

test("kill against finish: the finish wins whenever it comes, and the kill says what it found", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const { job, replies } = await race(scheduler, { kill, finish: finish("success") });
      expect(replyOf(replies, "finish").status).toBe(200);
      expect(job?.status).toBe("success");
      const killed = replyOf(replies, "kill");
      expect(killed.status).toBe(200);
      expect(["booting", "success"]).toContain((killed.body as { former_status: string }).former_status);
    }),
    { numRuns: 200, seed: 20171023 },
  );
});

test("two different reports of one attempt: one is taken, the other is told that the job has ended", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const { job, replies } = await race(scheduler, { success: finish("success"), error: finish("error") });
      const statuses = [replyOf(replies, "success").status, replyOf(replies, "error").status];
      expect(new Set(statuses)).toEqual(new Set([200, 409]));
      expect(job?.status).toBe(statuses[0] === 200 ? "success" : "error");
    }),
    { numRuns: 200, seed: 20171023 },
  );
});

test("two workers that claim at once get different jobs or none", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const again = (api: ApiProcess) => call(api, "worker.claim", claim, worker);
      const second = (api: ApiProcess) =>
        call(
          api,
          "job.issue",
          { type: "presto", database: "sample", query: "SELECT 1 FROM trades" },
          customer,
        );
      const { replies } = await race(scheduler, { one: again, two: again, second });
      const claimed = ["one", "two"].flatMap((name) => {
        const { job } = replyOf(replies, name).body as { job: { job_id: string } | null };
        return job === null ? [] : [job.job_id];
      });
      expect(new Set(claimed).size).toBe(claimed.length);
      expect(claimed.length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 200, seed: 20171023 },
  );
});
