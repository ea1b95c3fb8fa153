import { describe, expect, test } from "vitest";
import { samples } from "../../contracts/testing/samples.ts";
import { type AskedCall, fakeCaller } from "../customers/testing/fake-caller.ts";
import { type Schedule, scheduleFormat } from "../schedule/schedule.ts";
import { scenarioOf } from "../testing/scenario.ts";
import { listOf, lookWhenOver } from "./last-look.ts";
import { jobsOf } from "./workload.ts";

const web = scenarioOf();
const insert = scenarioOf({ name: "insert-into", statement: { kind: "insert-into" }, output: null });

const scheduleOf = (faults: Schedule["faults"] = []): Schedule => ({
  format: scheduleFormat,
  workload: { jobs: [{ scenario: "web", engine: "presto" }], workers: 1 },
  releases: { api: "current", workers: {} },
  seed: 1,
  faults,
});
const faulted = scheduleOf([
  {
    at: { link: "worker->api", operation: "worker.finish", job: 1, occurrence: 1, phase: "before" },
    fault: { kind: "lost" },
  },
]);

/** An API where the job ended like this, with its list and its result. */
const serviceWith =
  (status: string) =>
  ({ operation, input }: AskedCall) => {
    if (operation === "job.show") return { status: 200, body: { ...input, status } };
    if (operation === "job.result") return { status: 200, body: '[1,"A"]\n' };
    const { jobs } = samples["job.list"].reply as { jobs: object[] };
    return { status: 200, body: { jobs: input["from"] === 0 ? [{ ...jobs[0], job_id: "7" }] : [] } };
  };

async function lookAt(answer: Parameters<typeof fakeCaller>[0], scenario = web, schedule = scheduleOf()) {
  const { caller, called } = fakeCaller(answer);
  const [job] = jobsOf(scheduleOf(), [{ ...scenario, name: "web" }]);
  if (job === undefined) throw new Error("no job");
  const seen = await lookWhenOver(caller, "7", job, schedule);
  return { seen, called: called() };
}

describe("a customer's last look", () => {
  test("reads the list and the result of a query that ended well", async () => {
    expect(await lookAt(serviceWith("success"))).toEqual({
      seen: { listed: true, result: [[1, "A"]] },
      called: ["job.show", "job.list", "job.result"],
    });
  });

  test("asks for no result where there is none", async () => {
    expect(await lookAt(serviceWith("success"), insert)).toEqual({
      seen: { listed: true },
      called: ["job.show", "job.list"],
    });
    expect((await lookAt(serviceWith("error"))).seen).toEqual({ listed: true });
  });

  test("asks for no list where something went wrong, but for the result, as text and as it is stored", async () => {
    expect(await lookAt(serviceWith("success"), web, faulted)).toEqual({
      seen: { result: [[1, "A"]] },
      called: ["job.show", "job.result", "job.result"],
    });
  });

  test.each([
    ["has not ended", serviceWith("running")],
    ["cannot be looked at", () => null],
    ["is not there", () => ({ status: 404, body: {} })],
  ])("asks no more of a job that %s", async (_, answer) => {
    expect(await lookAt(answer)).toEqual({ seen: {}, called: ["job.show"] });
  });

  test("keeps apart what was not answered and what is not there", async () => {
    const unanswered = (call: AskedCall) =>
      call.operation === "job.show" ? serviceWith("success")(call) : { status: 503, body: {} };
    expect((await lookAt(unanswered)).seen).toEqual({ result: null });
    const empty = (call: AskedCall) =>
      call.operation === "job.list" ? { status: 200, body: { jobs: [] } } : serviceWith("success")(call);
    expect((await lookAt(empty)).seen).toEqual({ listed: false, result: [[1, "A"]] });
  });
});

describe("the list of a customer with several jobs", () => {
  const paged = ({ operation, input }: AskedCall) =>
    operation === "job.list"
      ? {
          status: 200,
          body: { jobs: [["7"], ["6"], []][Number(input["from"])]?.map((id) => ({ job_id: id })) },
        }
      : { status: 200, body: { ...input, status: "error" } };
  const [job] = jobsOf(scheduleOf(), [web]);
  if (job === undefined) throw new Error("no job");

  test("is read once for all of them, and not before it is asked for", async () => {
    const { caller, calls, called } = fakeCaller(paged);
    const list = listOf(caller, ["7", "6", "5"]);
    expect(calls).toEqual([]);
    const seen = await Promise.all(
      ["7", "6", "5"].map((id) => lookWhenOver(caller, id, job, scheduleOf(), list)),
    );
    expect(seen).toEqual([{ listed: true }, { listed: true }, { listed: false }]);
    expect(called().filter((operation) => operation === "job.list")).toHaveLength(3);
  });

  test("is read no further than to the last of them", async () => {
    const { caller, called } = fakeCaller(paged);
    expect(await listOf(caller, ["7"])()).toEqual(new Set(["7"]));
    expect(called()).toEqual(["job.list"]);
  });
});

test.each([
  ["where it could have one, for the model to judge", web, ["job.show", "job.list", "job.result"]],
  ["and not where there is none", insert, ["job.show", "job.list"]],
])("the result of a job that failed is asked for %s", async (_, scenario, called) => {
  expect(await lookAt(serviceWith("error"), scenario)).toEqual({ seen: { listed: true }, called });
});
