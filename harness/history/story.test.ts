import { expect, test } from "vitest";
import {
  calm,
  finish,
  grant,
  heartbeat,
  idle,
  issue,
  kill,
  list,
  lost,
  lostReply,
  receipt,
  show,
  type Told,
  unavailable,
} from "../invariants/testing/calls.ts";
import { eventsOf, refusal, type Story, trouble } from "../invariants/testing/history.ts";
import { append, badDestination, createTable, select, web } from "../invariants/testing/scenarios.ts";
import type { FinalEvent, HistoryEvent } from "./event.ts";
import { historyStory, jobStory } from "./story.ts";

const storyOf = (story: Story): string => historyStory(eventsOf(story)).join("\n");
const jobStoryOf = (story: Story, lines?: number): string[] => jobStory(eventsOf(story), 1, lines);

/** What is found of a job of which no call is on record. */
const found = (final: Partial<FinalEvent>, story: Story = {}): string[] => jobStoryOf({ ...story, final });

const { result_url: _, ...claimed } = (grant(0, 1).reply as { job: Record<string, unknown> }).job;
const granted = (job: object): Told => grant(200, 1, { reply: { job: { ...claimed, ...job } } });

test("a story is who asked for what, in order, and what was found in the end", () => {
  expect(storyOf({ calls: calm })).toMatchInlineSnapshot(`
    "  0.09 s customer  job.issue without output
      0.19 s worker-v5-1  worker.claim attempt 1, result_url null
      0.21 s worker-v5-1  worker.heartbeat
      0.69 s worker-v5-1  worker.finish attempt 1 says success
      0.99 s customer  job.show reads success
       found: job 1: the customer read success; the database holds success
       found: job 1: 2 rows in its table"
  `);
});

test("what is broken has its place, and what the API did behind a lost reply is told", () => {
  const calls = [
    issue(100),
    grant(200, 1),
    finish(700, 1, "success", lostReply),
    finish(900, 1, "success", unavailable),
    finish(1_000, 1, "success", lost),
  ];
  const faults = [{ at: 650, fault: { kind: "lost" as const } }];
  expect(storyOf({ calls, faults, gone: ["worker-v5-2"] })).toMatchInlineSnapshot(`
    "  0.00 s worker-v5-2 exited for ever
      0.09 s customer  job.issue without output
      0.19 s worker-v5-1  worker.claim attempt 1, result_url null
      0.65 s FAULT 
      0.69 s worker-v5-1  worker.finish attempt 1 says success -> no reply, though the API had answered 200
      0.89 s worker-v5-1  worker.finish attempt 1 says success -> 503
      0.99 s worker-v5-1  worker.finish attempt 1 says success -> no reply
       found: job 1: the customer read nothing; the database holds success
       found: job 1: 2 rows in its table"
  `);
});

test("looks that show nothing new are left out, the same again and again is told once", () => {
  const looks = [1, 2, 3].map((n) => show(n * 1_000, "running"));
  const tries = [4, 5, 6].map((n) => finish(n * 1_000, 1, "success", unavailable));
  const rest = [idle(7_000), list(8_000, ["1"])];
  expect(storyOf({ calls: [...looks, ...tries, ...rest] })).toMatchInlineSnapshot(`
    "  0.99 s customer  job.show reads running
      3.99 s worker-v5-1  worker.finish attempt 1 says success -> 503 (3 times, until 5.99 s)
       found: job 1: the customer read running; the database holds success
       found: job 1: 2 rows in its table"
  `);
});

test("a story that grows long is cut, and says by how much", () => {
  const calls = Array.from({ length: 100 }, (_, i) => finish(i * 1_000, i + 1, "success"));
  const lines = historyStory(eventsOf({ calls }));
  expect(lines).toHaveLength(63);
  expect(lines[60]).toBe("… 40 lines more");
  expect(lines.slice(61).every((line) => line.includes("found: "))).toBe(true);
});

test("a departure from the contract stands under its exchange", () => {
  const calls = [
    issue(100, { request: { ...(issue(100).request as object), result: "mysql://***@db.test/mart/rows" } }),
    granted({ result_url: null, result_settings: { type: "mysql" } }),
    idle(300, { reply: "" }),
    finish(700, 1, "success"),
  ];
  const final = { destination: { rows: [], deliveries: 0 } };
  expect(storyOf({ scenario: web, calls, final })).toMatchInlineSnapshot(`
    "  0.09 s customer  job.issue with mysql://***@db.test/mart/rows
      0.19 s worker-v5-1  worker.claim attempt 1, result_url null, result_settings {"type":"mysql"}
             contract: reply: job: Unrecognized key: "result_settings"
      0.29 s worker-v5-1  worker.claim without a job
             contract: reply: body: Invalid input: expected object, received string
      0.69 s worker-v5-1  worker.finish attempt 1 says success
       found: job 1: the customer read nothing; the database holds success
       found: job 1: 0 rows at the destination in 0 deliveries"
  `);
});

test("the story of one job is its own exchanges and what was broken meanwhile", () => {
  const about = { request: {}, job: "2" };
  const calls = [...calm, heartbeat(600, 1, about), show(650, "running", about), idle(660)];
  const faults = [...trouble, { at: 90_000, fault: { kind: "lost" as const } }];
  expect(jobStoryOf({ calls, faults, gone: ["worker-v5-2"] }).join("\n")).toMatchInlineSnapshot(`
    "  0.09 s customer  job.issue without output
      0.19 s worker-v5-1  worker.claim attempt 1, result_url null
      0.21 s worker-v5-1  worker.heartbeat
      0.50 s FAULT 
      0.69 s worker-v5-1  worker.finish attempt 1 says success
      0.99 s customer  job.show reads success
       found: handed to worker-v5-1 at 0.20 s, finished by worker-v5-1 at 0.70 s
       found: the customer read success; the database holds success
       found: 2 rows in its table"
  `);
});

test("there is no story of a job that is not in the workload", () => {
  expect(jobStory(eventsOf({ calls: calm }), 2)).toEqual([]);
});

test("each step is told in the words that matter", () => {
  const calls = [
    issue(100),
    granted({ result_settings: { type: "web" } }),
    granted({}),
    heartbeat(300, 1, lost),
    receipt(400, 1, 3),
    kill(500, "running"),
    finish(600, 1, "error", {
      request: { job_id: "1", attempt: 1, status: "error", message: "no such table" },
    }),
    finish(700, 1, "success", { status: 409, reply: { text: "stale attempt" } }),
    show(800, "running", { status: 500, reply: { text: "internal error" } }),
    show(900, "running", { operation: null, method: "GET", path: "/x", status: 404, reply: "<html>" }),
  ];
  const lines = jobStoryOf({ calls }).filter((line) => !line.includes("contract: "));
  expect(lines.join("\n")).toMatchInlineSnapshot(`
    "  0.09 s customer  job.issue without output
      0.19 s worker-v5-1  worker.claim attempt 1, result_settings {"type":"web"}
      0.19 s worker-v5-1  worker.claim attempt 1, no output named
      0.29 s worker-v5-1  worker.heartbeat -> no reply
      0.39 s worker-v5-1  worker.receipt 3 rows delivered
      0.49 s customer  job.kill former status running
      0.59 s worker-v5-1  worker.finish attempt 1 says error (no such table)
      0.69 s worker-v5-1  worker.finish attempt 1 says success -> 409 stale attempt
      0.79 s customer  job.show -> 500 internal error
      0.89 s customer  GET /x -> 404
       found: handed to worker-v5-1 at 0.20 s, then worker-v5-1 at 0.20 s
       found: the customer read nothing; the database holds success
       found: 2 rows in its table"
  `);
});

test("a job's story is cut in the exchanges, never in what was found", () => {
  const many = Array.from({ length: 30 }, (_, i) => finish(i * 1_000, i + 1, "success"));
  const lines = jobStoryOf({ scenario: web, calls: many }, 12);
  expect(lines).toHaveLength(16);
  expect(lines[12]).toBe("… 18 lines more");
  expect(lines.slice(13).every((line) => line.includes("found: "))).toBe(true);
  expect(jobStoryOf({ scenario: web, calls: many.slice(0, 12) }, 12)).toHaveLength(15);
});

test("a value of 100 characters is shown whole, a longer one is cut", () => {
  const lineFor = (message: string) =>
    jobStoryOf({ calls: [finish(10, 1, "error", { request: { attempt: 1, status: "error", message } })] })[0];
  expect(lineFor("x".repeat(100))).toContain(`(${"x".repeat(100)})`);
  expect(lineFor("x".repeat(101))).toContain(`(${"x".repeat(100)}…)`);
});

test("the end is told with all that is left of it", () => {
  const left = { stored: "error", leased: true, residue: ["staging table 1_1"], unsent: 2 } as const;
  expect(found({ ...left, table: null })).toMatchInlineSnapshot(`
    [
      "   found: handed to nobody",
      "   found: the customer read nothing; the database holds error; it still has a lease; staging table 1_1; 2 reports unsent",
      "   found: no table of its own",
    ]
  `);
  expect(found({}, { scenario: createTable })).toMatchInlineSnapshot(`
    [
      "   found: handed to nobody",
      "   found: the customer read nothing; the database holds success; the API knows the table",
      "   found: 2 rows in its table",
    ]
  `);
  expect(found({ result: null }, { scenario: select })).toMatchInlineSnapshot(`
    [
      "   found: handed to nobody",
      "   found: the customer read nothing; the database holds success",
      "   found: no result to be read",
    ]
  `);
  expect(found({ result: [[1]] }, { scenario: select })).toMatchInlineSnapshot(`
    [
      "   found: handed to nobody",
      "   found: the customer read nothing; the database holds success",
      "   found: 1 rows in its result",
    ]
  `);
  expect(found({}, { scenario: web })).toMatchInlineSnapshot(`
    [
      "   found: handed to nobody",
      "   found: the customer read nothing; the database holds success",
      "   found: 2 rows at the destination in 1 delivery",
    ]
  `);
  expect(found({}, { scenario: append })).toMatchInlineSnapshot(`
    [
      "   found: handed to nobody",
      "   found: the customer read nothing; the database holds success",
      "   found: 3 rows at the destination",
    ]
  `);
});

test("what the customer read is the last of it", () => {
  const calls = [show(100, "queued"), show(200, "running"), show(300, "error")];
  expect(jobStoryOf({ calls, final: { stored: null } }).at(-2)).toBe(
    "   found: the customer read error; the database holds no job",
  );
});

test("the story of a job that was refused has the refusal", () => {
  expect(jobStoryOf({ scenario: badDestination, calls: [issue(100, refusal())] })).toMatchInlineSnapshot(`
    [
      "  0.09 s customer  job.issue without output -> 422 no such destination",
      "   found: the customer read nothing; the database holds no job",
    ]
  `);
});

test("the end of some jobs of a matrix is told, the others are counted", () => {
  const events = eventsOf({ scenario: select, calls: calm }).flatMap((event): HistoryEvent[] => {
    if (event.kind === "final")
      return Array.from({ length: 23 }, (_, i) => ({ ...event, number: i + 1, job: String(i + 1) }));
    if (event.kind !== "run") return [event];
    const [job] = event.schedule.workload.jobs;
    const workload = { jobs: Array.from({ length: 23 }, () => job as NonNullable<typeof job>), workers: 1 };
    return [{ ...event, schedule: { ...event.schedule, workload } }];
  });
  const lines = historyStory(events).filter((line) => !/^ +\d/.test(line));
  expect(lines).toHaveLength(21);
  expect(lines[0]).toBe("   found: job 1: the customer read success; the database holds success");
  expect(lines[20]).toBe("… 3 jobs more");
});
