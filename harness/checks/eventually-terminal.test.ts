import { expect, test } from "vitest";
import type { JobStatus } from "../../contracts/job.ts";
import { factsOf } from "../testing/facts.ts";
import { eventuallyTerminal } from "./eventually-terminal.ts";

test.each<[JobStatus[], string[]]>([
  [["success"], []],
  [["running", "error"], []],
  [["killed"], []],
  [["queued", "running"], ["the job is still running"]],
  [["queued"], ["the job is still queued"]],
  [["success", "running"], ["the job is still running"]],
  [[], ["the job is still unread"]],
])("reads of %j: %j", (reads, witnesses) => {
  const facts = factsOf({}, { reads });
  expect(eventuallyTerminal.applies(facts)).toBe(true);
  expect(eventuallyTerminal.witnesses(facts)).toEqual(witnesses);
});

test("it says nothing of a job that the API did not take", () => {
  expect(eventuallyTerminal.applies(factsOf({ ending: "refused" }))).toBe(false);
});
