import { expect, test } from "vitest";
import { factsOf } from "../../contracts/steps.ts";
import { callsByJob, servedStatus, type TimedExchange } from "./calls.ts";
import type { FinalEvent } from "./event.ts";

const final = (number: number, job: string | null): FinalEvent => ({
  kind: "final",
  number,
  job,
  stored: null,
  leased: false,
  registered: false,
  residue: [],
  unsent: 0,
});

const exchange = (seq: number, more: Partial<TimedExchange>): TimedExchange => ({
  seq,
  at: seq + 5,
  sent: seq,
  kind: "exchange",
  link: "customer->api",
  by: "customer",
  generation: null,
  operation: "job.show",
  job: null,
  outcome: "ok",
  status: 200,
  request: {},
  reply: {},
  ...more,
});

/** Which exchanges belong to which job, by their numbers. */
const grouped = (finals: FinalEvent[], exchanges: TimedExchange[]) => {
  const { of, loose } = callsByJob(exchanges, finals);
  return {
    of: [...of.values()].map(({ calls }) => calls.map((call) => call.exchange.seq)),
    loose: loose.map(({ seq }) => seq),
  };
};

const issue = (query: string, more: object = {}) => ({ operation: "job.issue", request: { query, ...more } });

test("an exchange belongs to the job whose id it has", () => {
  const exchanges = [exchange(1, { job: "17" }), exchange(2, { job: "18" }), exchange(3, { job: "19" })];
  expect(grouped([final(1, "17"), final(2, "18")], exchanges)).toEqual({ of: [[1], [2]], loose: [3] });
});

test("an issue belongs to the job whose domain key it has, whatever its query and its answer", () => {
  const [key, query] = [{ domain_key: "workload-2" }, "INSERT INTO effect_1 SELECT id FROM source_rows"];
  const exchanges = [exchange(1, issue(query, key)), exchange(2, { ...issue(query, key), job: "17" })];
  expect(grouped([final(1, "17"), final(2, null)], exchanges)).toEqual({ of: [[2], [1, 2]], loose: [] });
});

test("an issue without a key belongs to the job whose target its query names, under any prefix", () => {
  const exchanges = [
    exchange(1, issue("INSERT INTO effect_1 SELECT id FROM source_rows")),
    exchange(2, issue("SELECT /* r7_effect_2 */ id FROM source_rows")),
    exchange(3, issue("CREATE TABLE r7_effect_9 AS SELECT id FROM source_rows")),
    exchange(4, issue("SELECT 1")),
    exchange(5, { operation: "job.issue", request: "no object" }),
  ];
  expect(grouped([final(1, null), final(2, null)], exchanges)).toEqual({ of: [[1], [2]], loose: [3, 4, 5] });
});

test("a job that is handed out under no id, or one that is no text, is known by its query", () => {
  const claim = (id: unknown, query = "SELECT /* r7_effect_2 */ id FROM source_rows") => ({
    operation: "worker.claim",
    reply: { job: { job_id: id, query } },
  });
  const exchanges = [
    exchange(1, claim(18)),
    exchange(2, claim(null)),
    exchange(3, claim("19")),
    exchange(4, claim(18, "SELECT 1")),
    exchange(5, { operation: "worker.claim", reply: { job: null } }),
  ];
  expect(grouped([final(1, "17"), final(2, "18")], exchanges)).toEqual({
    of: [[], [1, 2]],
    loose: [3, 4, 5],
  });
});

test("one that is about no job, or is in no contract, belongs to none", () => {
  const exchanges = [
    exchange(1, { operation: "worker.claim" }),
    exchange(2, { operation: "job.list" }),
    exchange(3, { operation: null }),
    exchange(4, { operation: "unheard.of", job: "17" }),
  ];
  expect(grouped([final(1, "17")], exchanges)).toEqual({ of: [[4]], loose: [1, 2, 3] });
});

test("jobs that were given one id share its exchanges", () => {
  const finals = [final(1, "17"), final(2, "17")];
  expect(grouped(finals, [exchange(1, { job: "17" })])).toEqual({ of: [[1], [1]], loose: [] });
});

test("a call has its step, and what the service said whether or not it arrived", () => {
  const reply = { job_id: "17", status: "running" };
  const lost = { job: "17", status: null, served: 200, servedAt: 90, reply };
  const [call] = callsByJob([exchange(1, lost)], [final(1, "17")]).of.get(1)?.steps.look ?? [];
  expect(call).toMatchObject({ step: "look", status: null, served: 200, genuine: false, takenAt: 90 });
  expect(call?.facts).toEqual(factsOf("job.show", { request: {}, status: 200, reply }));
  expect(call?.facts.state).toBe("running");
});

test("without another word the caller's status is the service's own", () => {
  expect(servedStatus(exchange(1, { status: 404 }))).toBe(404);
  expect(servedStatus(exchange(1, { status: 503, served: null }))).toBe(null);
  expect(servedStatus(exchange(1, { status: null, served: 200 }))).toBe(200);
});
