import { expect, test } from "vitest";
import { exchangeEvent } from "../testing/events.ts";
import { factsOf } from "../testing/facts.ts";
import { tellStory } from "./story.ts";

const customer = { link: "customer -> api", generation: null } as const;
const url = "mysql://***@db.test:3307/mart/rows";
const claim = (job: object) =>
  exchangeEvent({ at: 120, operation: "worker.claim", reply: { job: { job_id: "1", attempt: 1, ...job } } });
const finish = (request: object, more = {}) =>
  exchangeEvent({ at: 2345, operation: "worker.finish", request: { attempt: 1, ...request }, ...more });

const events = [
  exchangeEvent({ ...customer, at: 10, operation: "job.issue", request: { query: "SELECT 1", result: url } }),
  claim({ result_url: null }),
  exchangeEvent({ at: 130, job: "2", operation: "worker.claim" }),
  exchangeEvent({ ...customer, at: 140, operation: "job.show" }),
  exchangeEvent({ ...customer, at: 150, operation: "job.list" }),
  finish({ status: "success", message: null }, { mismatches: ["reply: body: no"] }),
];
const facts = factsOf({}, { atDestination: [], deliveries: 0 });

test("a story is who said what about the job, in order, and what was found in the end", () => {
  expect(tellStory("1", facts, events).join("\n")).toMatchInlineSnapshot(`
    "  0.01 s customer -> api  job.issue with mysql://***@db.test:3307/mart/rows
      0.12 s worker-v5 -> api  worker.claim attempt 1, result_url null
      2.35 s worker-v5 -> api  worker.finish attempt 1 says success
             contract: reply: body: no
       found: the customer read success; the database holds success
       found: 0 rows at the destination in 0 deliveries"
  `);
});

test("a story of a job that was refused is what was found", () => {
  const refused = factsOf({ ending: "refused", output: null });
  expect(tellStory(null, refused, events)).toMatchInlineSnapshot(`
    [
      "   found: the customer read nothing (no such destination); the database holds no job",
    ]
  `);
});

test("each operation is told in the words that matter", () => {
  const lines = tellStory("1", factsOf({ statement: { kind: "insert-into" }, output: null }), [
    exchangeEvent({ ...customer, operation: "job.issue", request: { query: "SELECT 1" } }),
    claim({ result_settings: { type: "web" } }),
    claim({}),
    exchangeEvent({ operation: "worker.heartbeat", status: null, reply: { problem: "reset" } }),
    exchangeEvent({ operation: "worker.receipt", request: { attempt: 1, rows: 3 } }),
    exchangeEvent({ ...customer, operation: "job.kill", reply: { former_status: "running" } }),
    finish({ status: "error", message: "no such table" }),
    finish({ status: "success", message: null }, { status: 409, reply: { text: "stale attempt" } }),
    exchangeEvent({ operation: null, method: "GET", path: "/x", status: 404, reply: "<html>" }),
  ]);
  expect(lines.join("\n")).toMatchInlineSnapshot(`
    "  0.00 s customer -> api  job.issue without output
      0.12 s worker-v5 -> api  worker.claim attempt 1, result_settings {"type":"web"}
      0.12 s worker-v5 -> api  worker.claim attempt 1, no output named
      0.00 s worker-v5 -> api  worker.heartbeat -> no reply
      0.00 s worker-v5 -> api  worker.receipt 3 rows delivered
      0.00 s customer -> api  job.kill former status running
      2.35 s worker-v5 -> api  worker.finish attempt 1 says error (no such table)
      2.35 s worker-v5 -> api  worker.finish attempt 1 says success -> 409 stale attempt
      0.00 s worker-v5 -> api  GET /x -> 404
       found: the customer read success; the database holds success
       found: 2 rows in the warehouse table"
  `);
});

test("a long story is cut in the exchanges and never in what was found", () => {
  const many = Array.from({ length: 30 }, () => exchangeEvent());
  const lines = tellStory("1", facts, many);
  expect(lines).toHaveLength(15);
  expect(lines[12]).toBe("… 18 more in history.jsonl");
  expect(lines.slice(13).every((line) => line.includes("found: "))).toBe(true);
  expect(tellStory("1", facts, many.slice(0, 12))).toHaveLength(14);
});

test("a value of 100 characters is shown whole, a longer one is cut", () => {
  const lineFor = (message: string) => tellStory("1", facts, [finish({ status: "error", message })])[0];
  expect(lineFor("x".repeat(100))).toContain(`(${"x".repeat(100)})`);
  expect(lineFor("x".repeat(101))).toContain(`(${"x".repeat(100)}…)`);
});

test("what the customer read is the last of it", () => {
  const changed = factsOf({}, { reads: ["queued", "running", "error"], stored: null });
  expect(tellStory("1", changed, [])[0]).toBe("   found: the customer read error; the database holds no job");
});
