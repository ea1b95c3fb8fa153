import { describe, expect, test } from "vitest";
import type { ExchangeEvent } from "../../../history/event.ts";
import type { HttpReply, HttpRequest, Passage } from "../../../proxy/http-proxy.ts";
import {
  type Fault,
  type Planned,
  type Schedule,
  type Site,
  scheduleFormat,
} from "../../../schedule/schedule.ts";
import { targetTable } from "../../../schedule/targets.ts";
import { limits } from "../../../testing/limits.ts";
import { passageOf } from "../../../testing/passage.ts";
import { scenarioOf } from "../../../testing/scenario.ts";
import { jobsOf } from "../../workload.ts";
import type { HttpCaller } from "../system/traffic.ts";
import { ScheduleLife } from "./life.ts";

const prefix = "r7_";
const customer: HttpCaller = { link: "customer->api", by: "customer", generation: null };
const worker = (n: number): HttpCaller => ({ link: "worker->api", by: `worker-v5-${n}`, generation: "v5" });

const planned = (fault: Fault, at: Partial<Site> = {}): Planned => ({
  at: { link: "worker->api", operation: "worker.claim", job: null, occurrence: 1, phase: "before", ...at },
  fault,
});

const killed: Fault = { kind: "kill", process: "worker", ms: null };

/** One job's time on a rig whose engine kills when it is told to. */
function lifeWith(...faults: Planned[]) {
  const scenario = scenarioOf();
  const schedule: Schedule = {
    format: scheduleFormat,
    workload: { jobs: [{ scenario: "web", engine: "presto" }], workers: 2 },
    releases: { api: "current", workers: {} },
    seed: 1,
    faults,
  };
  const dying = Promise.withResolvers<void>();
  const looks: string[] = [];
  const never = () => null;
  const kill = (_: unknown, by: string) => async () => {
    await dying.promise;
    life.record({ kind: "component", component: by, what: "exited", detail: "for ever" });
    return by;
  };
  const life: ScheduleLife = new ScheduleLife({
    schedule,
    jobs: jobsOf(schedule, [scenario], prefix),
    prefix,
    clockwork: { timeScale: 1, limits },
    nextApi: () => ({ name: "api" }),
    plannedName: (name) => name,
    customerOf: () => undefined,
    actions: { kill, pause: never, stop: never, surge: never, cancelJob: never },
    whileHeld: async (number, by, phase) => void looks.push(`${phase} ${number} ${by}`),
  });
  life.begin("run-1", { builds: [] });
  return { life, looks, die: dying.resolve };
}

const query = `SELECT /* ${targetTable(1, prefix)} */ id FROM trades`;
const issue = passageOf({
  url: "/v3/job/issue/presto/sample",
  request: { query, domain_key: `${prefix}workload-1` },
  reply: { job: "17", job_id: "17", database: "sample" },
});
const claim = passageOf({ url: "/worker/v1/claim", request: {}, reply: { job: { job_id: "17", query } } });
const idle = passageOf({ url: "/worker/v1/claim", request: {}, reply: { job: null } });
const finish = passageOf({ url: "/worker/v1/jobs/17/finish", request: { attempt: 1 }, reply: {} });

/** A call comes to its proxy: it can go on, and be answered. */
function arrive(life: ScheduleLife, caller: HttpCaller, passage: Passage) {
  const plan = life.httpPlan(caller, passage);
  const conclude = (more: Partial<Passage> = {}) => plan?.concluded?.({ ...passage, ...more });
  return {
    plan,
    before: () => plan?.before(),
    after: () => plan?.after(passage.served as HttpReply),
    conclude,
    /** The whole way, without trouble. */
    pass: async () => {
      await plan?.before();
      await plan?.after(passage.served as HttpReply);
      conclude();
    },
  };
}
const pass = (life: ScheduleLife, caller: HttpCaller, passage: Passage) =>
  arrive(life, caller, passage).pass();

const exchangesOf = (life: ScheduleLife): ExchangeEvent[] =>
  life.history().flatMap((event) => (event.kind === "exchange" ? [event] : []));
const callsOf = (life: ScheduleLife) => exchangesOf(life).map(({ by, operation }) => `${by} ${operation}`);

describe("the history of a schedule", () => {
  test("begins with what is run, on which rig", () => {
    const { life } = lifeWith();
    const [first, ...rest] = life.history();
    expect(first).toMatchObject({ seq: 0, kind: "run", id: "run-1", rig: "containers", limits });
    expect(rest).toEqual([]);
  });

  test("holds its own calls in the order in which they were sent, without what keeps schedules apart", async () => {
    const { life } = lifeWith();
    await pass(life, customer, issue);
    const early = arrive(life, worker(1), idle);
    await pass(life, worker(2), claim);
    await early.pass();
    await pass(life, worker(2), finish);
    expect(callsOf(life)).toEqual([
      "customer job.issue",
      "worker-v5-1 worker.claim",
      "worker-v5-2 worker.claim",
      "worker-v5-2 worker.finish",
    ]);
    expect(exchangesOf(life)[0]?.request).toMatchObject({ query, domain_key: "workload-1" });
    expect(life.history().map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4]);
  });

  test("holds nobody else's calls, and breaks none of them", () => {
    const { life } = lifeWith();
    const others = [
      passageOf({ ...issue, requestBody: Buffer.from('{"query":"SELECT 1","domain_key":"r8_workload-1"}') }),
      passageOf({ method: "GET", url: "/v3/job/show/18" }),
      finish,
    ];
    for (const passage of others) expect(life.httpPlan(customer, passage)).toBeNull();
    expect(exchangesOf(life)).toEqual([]);
  });

  test("holds what is in no contract, which no fault can break", async () => {
    const { life } = lifeWith();
    const call = arrive(life, customer, passageOf({ method: "PUT", url: "/x", reply: {} }));
    expect([await call.before(), await call.after()]).toEqual([{}, {}]);
    call.conclude();
    expect(exchangesOf(life)).toMatchObject([{ operation: null, method: "PUT", status: 200 }]);
  });

  test("holds a call whose caller has no answer so far", () => {
    const { life } = lifeWith();
    arrive(life, customer, issue);
    expect(exchangesOf(life)).toMatchObject([
      { operation: "job.issue", outcome: "unknown", status: null, reply: { problem: "no answer so far" } },
    ]);
  });

  test("keeps what the service answered apart from what its caller got", async () => {
    const { life } = lifeWith();
    const call = arrive(life, customer, issue);
    call.conclude({ status: null, problem: "reset" });
    await pass(life, customer, issue);
    const [lost, told] = exchangesOf(life);
    expect(lost).toMatchObject({ status: null, served: 200, job: "17" });
    expect(told).not.toHaveProperty("served");
  });
});

describe("a worker that dies before its call could go on", () => {
  test("has not said it: the call is not in the history, and goes nowhere", async () => {
    const { life, die } = lifeWith(planned(killed));
    await pass(life, customer, issue);
    const first = arrive(life, worker(1), idle);
    const dies = first.before();
    const second = arrive(life, worker(1), idle);
    const other = arrive(life, worker(2), idle);
    const [stopped, goesOn] = [second.before(), other.before()];
    die();
    expect(await dies).toEqual({ end: { kind: "reset" } });
    expect(await stopped).toEqual({ end: { kind: "reset" } });
    expect(await goesOn).toEqual({});
    second.conclude({ status: null, served: null, reached: false, problem: "reset" });
    const calls = ["customer job.issue", "worker-v5-1 worker.claim", "worker-v5-2 worker.claim"];
    expect(callsOf(life)).toEqual(calls);
    expect(life.history().map(({ seq }) => seq)).toEqual([...life.history().keys()]);
  });

  test("has said what went on before, though its reply never reaches it", async () => {
    const { life, die } = lifeWith(planned(killed, { occurrence: 2 }));
    await pass(life, customer, issue);
    const sent = arrive(life, worker(1), claim);
    await sent.before();
    const dies = arrive(life, worker(1), idle).before();
    const answered = sent.after();
    die();
    expect([await dies, await answered]).toEqual([{ end: { kind: "reset" } }, { end: { kind: "reset" } }]);
    sent.conclude({ status: null, problem: "reset" });
    expect(exchangesOf(life)[1]).toMatchObject({ by: "worker-v5-1", status: null, served: 200, job: "17" });
  });
});

test("a job is looked at while a report on it is held: before where it says success, after where it was taken", async () => {
  const { life, looks } = lifeWith();
  const report = (status: string) =>
    passageOf({ url: "/worker/v1/jobs/17/finish", request: { attempt: 1, status }, reply: {} });
  for (const passage of [issue, claim, report("success"), report("error")])
    await pass(life, worker(1), passage);
  expect(looks).toEqual(["before 1 worker-v5-1", "after 1 worker-v5-1", "after 1 worker-v5-1"]);
});

describe("what a schedule waits for", () => {
  const settles = (promise: Promise<void>) =>
    Promise.race([promise.then(() => true), Promise.resolve().then(() => false)]);

  test("is the first claim's answer", async () => {
    const { life } = lifeWith();
    const call = arrive(life, worker(1), idle);
    expect(await settles(life.claimed)).toBe(false);
    await call.pass();
    expect(await settles(life.claimed)).toBe(true);
  });

  test("is not the first claim where a fault has hit it", async () => {
    const { life } = lifeWith(planned({ kind: "lost" }));
    expect(await arrive(life, worker(1), idle).before()).toEqual({ end: { kind: "reset" } });
    await life.claimed;
    expect(life.faults.unfired()).toEqual([]);
  });

  test.each([
    ["a report that was taken", worker(1), finish],
    ["a kill that was taken", customer, passageOf({ url: "/v3/job/kill/17", reply: {} })],
  ])("is a job's end: %s", async (_, caller, passage) => {
    const { life } = lifeWith();
    await pass(life, customer, issue);
    await pass(life, worker(1), claim);
    arrive(life, caller, passage).conclude({ status: null, served: null });
    expect(await settles(life.book.ended(1))).toBe(false);
    arrive(life, caller, passage).conclude({ status: null });
    expect(await settles(life.book.ended(1))).toBe(true);
  });

  test("is that every worker has asked for work again", () => {
    const { life } = lifeWith();
    const began = performance.now();
    arrive(life, worker(1), idle);
    expect(life.haveAsked(["worker-v5-1"], began)).toBe(true);
    expect(life.haveAsked(["worker-v5-1", "worker-v5-2"], began)).toBe(false);
    expect(life.haveAsked(["worker-v5-1"], performance.now())).toBe(false);
  });
});

describe("calls to others than the API", () => {
  const deliver: HttpRequest = {
    method: "PUT",
    url: `/put/${targetTable(1, prefix)}`,
    head: "",
    requestBody: Buffer.alloc(0),
  };

  test("a delivery is the call of whoever holds its job", async () => {
    const at: Partial<Site> = { link: "worker->destination", operation: "deliver", job: 1 };
    const { life } = lifeWith(planned({ kind: "lost" }, { ...at, by: "worker-v5-2" }));
    await pass(life, customer, issue);
    await pass(life, worker(2), claim);
    expect(await life.deliveryPlan("destination-web", deliver)?.before()).toEqual({ end: { kind: "reset" } });
    expect(life.deliveryPlan("destination-web", { ...deliver, url: "/put/effect_1" })).toBeNull();
    expect([...life.requested]).toEqual([
      `destination-web PUT ${deliver.url}`,
      "destination-web PUT /put/effect_1",
    ]);
  });

  test("a statement is about the job whose id it has; one of another schedule passes", async () => {
    const { life } = lifeWith(
      planned({ kind: "lost" }, { link: "worker->warehouse", operation: "insertInto", job: 1 }),
    );
    await pass(life, customer, issue);
    await pass(life, worker(1), claim);
    const of = (job: string | null) =>
      life.mysqlPlan("worker->warehouse", "worker-v5-1", { operation: "insertInto", job });
    expect(of("18")).toBeNull();
    expect(await of(null)?.before()).toEqual({});
    expect(await of("17")?.before()).toEqual({ end: { kind: "reset" } });
  });
});

describe("the id of a job", () => {
  test("is known by the API's answer, also where its customer waits no longer", async () => {
    const { life } = lifeWith();
    await pass(life, customer, issue);
    expect(life.book.idOf(1)).toBe("17");
  });

  test("is not known by an answer that did not arrive", async () => {
    const { life } = lifeWith();
    await pass(life, customer, { ...issue, status: null, problem: "the caller had gone" });
    expect(life.book.idOf(1)).toBeNull();
  });

  test("stays what the customer was told first", async () => {
    const { life } = lifeWith();
    life.book.accepted("16", 1);
    await pass(life, customer, issue);
    expect(life.book.idOf(1)).toBe("16");
  });
});
