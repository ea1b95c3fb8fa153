import { expect, test } from "vitest";
import { limits } from "../../../testing/limits.ts";
import { passageOf } from "../../../testing/passage.ts";
import { noActions } from "./carriers.ts";
import { ScheduleLife } from "./life.ts";

/** A life without jobs of its own, which hears what its visitors do. */
function lifeOfVisit() {
  const seen: string[] = [];
  const life: ScheduleLife = new ScheduleLife({
    schedule: {
      format: 2,
      workload: { jobs: [], workers: 1 },
      releases: { api: "current", workers: {} },
      seed: 1,
      faults: [],
    },
    jobs: [],
    prefix: "",
    clockwork: { timeScale: 1, limits },
    customerOf: (authorization) => (authorization === "TD1 1/key" ? "cdh4" : undefined),
    actions: noActions,
    nextApi: () => ({ name: "api-2", release: "next" }),
    plannedName: (name) => name,
    visitorWith: (authorization) => (authorization === "" ? "none" : "unknown"),
    whileHeld: async (number, by, phase) => void seen.push(`held ${phase} ${number} ${by}`),
    onEvent: (event, isOver) => {
      if (event.kind === "exchange")
        seen.push(`${isOver ? "over" : "begun"} ${event.operation} ${event.job}`);
    },
  });
  life.begin("run-1", { builds: [] });
  return { life, seen };
}

const visitor = { link: "customer->api", by: "customer", generation: null } as const;
const worker = { link: "worker->api", by: "worker-v5", generation: "v5" } as const;
const passage = (url: string, key: string, reply: object) => {
  const made = passageOf({ url, request: { query: "SELECT 1" }, reply });
  return { ...made, head: made.head.replace(/\r\n/, `\r\nauthorization: TD1 ${key}\r\n`) };
};
const issue = (key = "1/key") =>
  passage("/v3/job/issue/hive/sample", key, { job: "17", job_id: "17", database: "sample" });
const finish = passageOf({ url: "/worker/v1/jobs/17/finish", request: { attempt: 1 }, reply: {} });

test("a visitor's job is known from its issue on, with the engine of its customer's cluster", async () => {
  const { life, seen } = lifeOfVisit();
  life.httpPlan(visitor, issue())?.concluded?.(issue());
  expect(life.book.adopted).toEqual([
    { number: 1, id: "17", visitor: { customer: "cdh4", engine: "hive-cdh4" } },
  ]);
  const plan = life.httpPlan(worker, finish);
  await plan?.after(finish.served as never);
  expect(seen).toEqual([
    "begun job.issue null",
    "over job.issue 17",
    "begun worker.finish 17",
    "held after 1 worker-v5",
  ]);
});

test("one that is accepted without a customer's credential is nobody's job, and the call is marked", () => {
  const { life } = lifeOfVisit();
  life.httpPlan(visitor, issue("1/wrong"))?.concluded?.(issue("1/wrong"));
  expect(life.book.adopted).toEqual([]);
  expect(life.history()[1]).toMatchObject({
    operation: "job.issue",
    probe: "unknown",
    server: "api-2",
    release: "next",
  });
});

test("what is under way when all are held comes to its end; what comes later does not begin", async () => {
  const { life, seen } = lifeOfVisit();
  const early = life.httpPlan(visitor, issue());
  life.hold("all");
  const settled = life.settled(10_000);
  const late = life.httpPlan(worker, finish);
  let hasBegun = false;
  void Promise.resolve(late?.before()).then(() => {
    hasBegun = true;
  });
  early?.concluded?.(issue());
  await settled;
  expect({ hasBegun, seen }).toEqual({
    hasBegun: false,
    seen: ["begun job.issue null", "over job.issue 17"],
  });
});

test("where only workers are held, customers pass unrecorded", () => {
  const { life, seen } = lifeOfVisit();
  life.end(["worker-v5"]);
  expect(life.httpPlan(visitor, issue())).toBeNull();
  expect(life.httpPlan({ ...worker, by: "worker-v5-by-hand" }, finish)).toBeNull();
  expect(life.httpPlan(worker, finish)).not.toBeNull();
  expect(life.mysqlPlan("api->database", "api", { operation: "claim", job: null } as never)).toBeNull();
  expect(seen).toEqual([]);
});
