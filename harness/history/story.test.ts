import { expect, test } from "vitest";
import {
  calm,
  finish,
  grant,
  issue,
  lost,
  lostReply,
  show,
  unavailable,
} from "../invariants/testing/calls.ts";
import { eventsOf } from "../invariants/testing/history.ts";
import { historyStory } from "./story.ts";

test("a story is who asked for what, in order, and what was found in the end", () => {
  expect(historyStory(eventsOf({ calls: calm })).join("\n")).toMatchInlineSnapshot(`
    "  0.09 s customer  job.issue without output
      0.19 s worker-v5-1  worker.claim attempt 1, no output named
      0.21 s worker-v5-1  worker.heartbeat
      0.69 s worker-v5-1  worker.finish attempt 1 says success
      0.99 s customer  job.show reads success
       found: job 1: the database holds success; 2 rows in its table, 2 expected"
  `);
});

test("what is broken has its place, and what the API did behind a lost reply is told", () => {
  const calls = [
    issue(100),
    claim(200, 1),
    finish(700, 1, "success", lostReply),
    finish(900, 1, "success", unavailable),
    finish(1_000, 1, "success", lost),
  ];
  const faults = [{ at: 650, fault: { kind: "lost" as const } }];
  expect(historyStory(eventsOf({ calls, faults, gone: ["worker-v5-2"] })).join("\n")).toMatchInlineSnapshot(`
    "  0.00 s worker-v5-2 exited for ever
      0.09 s customer  job.issue without output
      0.19 s worker-v5-1  worker.claim attempt 1, no output named
      0.65 s FAULT 
      0.69 s worker-v5-1  worker.finish attempt 1 says success -> no reply, though the API had answered 200
      0.89 s worker-v5-1  worker.finish attempt 1 says success -> 503
      0.99 s worker-v5-1  worker.finish attempt 1 says success -> no reply
       found: job 1: the database holds success; 2 rows in its table, 2 expected"
  `);
});

test("looks that show nothing new are left out, the same again and again is told once", () => {
  const looks = [1, 2, 3].map((n) => show(n * 1_000, "running"));
  const tries = [4, 5, 6].map((n) => finish(n * 1_000, 1, "success", unavailable));
  expect(historyStory(eventsOf({ calls: [...looks, ...tries] }))).toMatchInlineSnapshot(`
    [
      "  0.99 s customer  job.show reads running",
      "  3.99 s worker-v5-1  worker.finish attempt 1 says success -> 503 (3 times, until 5.99 s)",
      "   found: job 1: the database holds success; 2 rows in its table, 2 expected",
    ]
  `);
});

test("a story that grows long is cut, and says by how much", () => {
  const calls = Array.from({ length: 100 }, (_, i) => finish(i * 1_000, i, "success"));
  const lines = historyStory(eventsOf({ calls }));
  expect(lines).toHaveLength(62);
  expect(lines.at(-2)).toBe("… 40 lines more");
});

test("the end is told with all that is left of it", () => {
  const final = {
    stored: "error",
    table: null,
    leased: true,
    residue: ["staging table 1_1"],
    unsent: 2,
  } as const;
  expect(historyStory(eventsOf({ final }))).toMatchInlineSnapshot(`
    [
      "   found: job 1: the database holds error; no table of its own, 2 expected; it still has a lease; staging table 1_1; 2 reports unsent",
    ]
  `);
  expect(historyStory(eventsOf({ statement: "select" }))).toMatchInlineSnapshot(`
    [
      "   found: job 1: the database holds success; 2 rows at its destination, 2 expected",
    ]
  `);
  expect(historyStory(eventsOf({ statement: "create-table" }))).toMatchInlineSnapshot(`
    [
      "   found: job 1: the database holds success; 2 rows in its table, 2 expected; the API knows the table",
    ]
  `);
});
