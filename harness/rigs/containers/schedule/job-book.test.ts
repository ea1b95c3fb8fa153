import { describe, expect, test } from "vitest";
import { type Schedule, scheduleFormat } from "../../../schedule/schedule.ts";
import { domainKey, targetTable } from "../../../schedule/targets.ts";
import { scenarioOf } from "../../../testing/scenario.ts";
import { orderedBy } from "../../probe-calls.ts";
import { jobsOf } from "../../workload.ts";
import { JobBook } from "./job-book.ts";

const prefix = "r7_";
const schedule: Schedule = {
  format: scheduleFormat,
  workload: {
    jobs: [
      { scenario: "web", engine: "presto" },
      { scenario: "web", engine: "presto" },
    ],
    workers: 1,
  },
  releases: { api: "current", workers: {} },
  seed: 1,
  faults: [],
};
const bookOf = () => new JobBook(jobsOf(schedule, [scenarioOf()], prefix), prefix);
const queryOf = (number: number, of = prefix) => `SELECT /* ${targetTable(number, of)} */ id FROM trades`;

describe("the job of a request", () => {
  const keyOf = (number: number, of = prefix) => of + domainKey(number);

  const earlier = { query: "SELECT 1", result: `web://sink/${targetTable(1, prefix)}/` };

  test.each<[string, unknown, number | null | undefined]>([
    ["by its key", { domain_key: keyOf(2), query: "SELECT 1" }, 2],
    ["by its query where it has no key", { query: queryOf(2) }, 2],
    ["by its key where the query is another's", { domain_key: keyOf(1), query: queryOf(2) }, 1],
    ["of another schedule by key", { domain_key: keyOf(1, "r8_"), query: "SELECT 1" }, undefined],
    ["of another schedule by query", { query: queryOf(1, "r8_") }, undefined],
    ["as none of it that delivers to the place of one", earlier, null],
    ["as none of it that fills the table of one", { table: targetTable(1, prefix), domain_key: "one" }, null],
    ["of no schedule", { domain_key: "mine", query: "SELECT 1" }, undefined],
    ["that the schedule does not have", { query: queryOf(3) }, undefined],
    ["without a body", undefined, undefined],
    ["with a body that is no object", "effect_1", undefined],
  ])("to issue it is known %s", (_, body, expected) => {
    expect(bookOf().jobOfRequest({ id: "job.issue", parameters: {} }, body)).toBe(expected);
  });

  test("about an id is known once the id is", () => {
    const book = bookOf();
    expect(book.jobOfRequest({ id: "job.show", parameters: { job_id: "17" } }, undefined)).toBeUndefined();
    book.accepted("17", 2);
    expect(book.jobOfRequest({ id: "job.show", parameters: { job_id: "17" } }, undefined)).toBe(2);
    expect(book.jobOfRequest({ id: "worker.finish", parameters: { job_id: "18" } }, {})).toBeUndefined();
  });

  test("about what its customer has had delivered there before is about none of the schedule", () => {
    const book = bookOf();
    const reply = { job: "18", job_id: "18" };
    book.heard({ operation: "job.issue", request: earlier, status: 200, reply } as never);
    expect(book.jobOfRequest({ id: "worker.finish", parameters: { job_id: "18" } }, {})).toBeNull();
    expect([...book.told]).toEqual(["18"]);
    book.heard({ operation: "job.issue", request: { query: queryOf(1) }, status: 200, reply } as never);
    expect([...book.told]).toEqual(["18"]);
  });

  test("of a query whose result is exported, the id is kept beside that of the export", () => {
    const book = bookOf();
    const heard = (operation: string, request: object, id: string) =>
      book.heard({ operation, request, status: 200, reply: { job_id: id } } as never);
    heard("job.issue", { query: queryOf(1), domain_key: `${keyOf(1)}-query-1` }, "18");
    heard("job.result_export", { target_id: "18", domain_key: keyOf(1) }, "19");
    expect([...book.told]).toEqual(["18"]);
    book.accepted("17", 2);
    expect([...book.ids()]).toEqual(["17", "18"]);
  });

  test("of the jobs that a scheduled query had by itself the ids are kept", () => {
    const book = bookOf();
    const request = { name: targetTable(1, prefix) };
    const reply = { history: [{ job_id: "21" }] };
    book.heard({ operation: "scheduled_query.history", request, status: 200, reply } as never);
    expect([...book.told]).toEqual(["21"]);
  });

  test("of the jobs of a run the ids are told, of whatever size", () => {
    const jobs = [{ job_id: 20 }, { job_id: "(integer 9007199254741242)" }];
    expect(orderedBy("scheduled_query.run", { status: 200, body: { jobs } })).toEqual([
      "20",
      "9007199254741242",
    ]);
  });

  test.each(["worker.claim", "job.list"])("%s is about none", (operation) => {
    expect(bookOf().jobOfRequest({ id: operation, parameters: {} }, { query: queryOf(1) })).toBeNull();
  });
});

test.each<[unknown, number | null]>([
  [queryOf(1), 1],
  [`/put/${targetTable(2, prefix)}?x=1`, 2],
  [queryOf(1, ""), null],
  [queryOf(1, "r70_"), null],
  [queryOf(3), null],
  [undefined, null],
])("the target in %j is that of job %j", (text, number) => {
  expect(bookOf().jobOfTarget(text)).toBe(number);
});

describe("a job that is handed out", () => {
  test("is known from then on by its id, and so is who has it", () => {
    const book = bookOf();
    expect(book.holderOf(2)).toBe("");
    expect(book.jobOfReply({ job: { job_id: "17", query: queryOf(2) } }, "worker-v5-1")).toBe(2);
    expect([book.idOf(2), book.numberOf("17"), book.holderOf(2)]).toEqual(["17", 2, "worker-v5-1"]);
    book.jobOfReply({ job: { job_id: "17", query: queryOf(2) } }, "worker-v5-2");
    expect(book.holderOf(2)).toBe("worker-v5-2");
    expect([book.idOf(1), book.holderOf(1)]).toEqual([null, ""]);
  });

  test.each<[string, unknown]>([
    ["none", { job: null }],
    ["another schedule's", { job: { job_id: "17", query: queryOf(1, "r8_") } }],
    ["one without an id", { job: { query: queryOf(1) } }],
    ["nothing that is JSON", "<html>"],
  ])("is none of the schedule's where the reply has %s", (_, reply) => {
    const book = bookOf();
    expect(book.jobOfReply(reply, "worker-v5-1")).toBeNull();
    expect([book.idOf(1), book.progress]).toEqual([null, 0]);
  });
});

test("progress is made once for each job that gets an id, and with each end", async () => {
  const book = bookOf();
  book.accepted("17", 1);
  book.accepted("17", 1);
  book.jobOfReply({ job: { job_id: "17", query: queryOf(1) } }, "worker-v5-1");
  expect(book.progress).toBe(1);
  book.accepted("18", 2);
  expect(book.progress).toBe(2);
  book.end(2);
  expect(book.progress).toBe(3);
  await book.ended(2);
  expect(await Promise.race([book.ended(1), Promise.resolve("not yet")])).toBe("not yet");
});

test("what keeps schedules apart is no part of what happened", () => {
  const book = bookOf();
  const request = { query: queryOf(1), domain_key: `${prefix}workload-1` };
  expect(book.withoutPrefix(request)).toEqual({ query: queryOf(1), domain_key: "workload-1" });
  for (const other of [{ domain_key: "mine" }, { domain_key: 7 }, {}, null, undefined, "text"])
    expect(book.withoutPrefix(other)).toBe(other);
});
