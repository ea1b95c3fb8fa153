import { expect, test } from "vitest";
import type { JobStatus } from "../../contracts/job.ts";
import { factsOf } from "../testing/facts.ts";
import { terminalAbsorbs } from "./terminal-absorbs.ts";

test.each<[JobStatus[], JobStatus | null, string[]]>([
  [["success"], "success", []],
  [["queued", "running", "success", "success"], "success", []],
  [["error", "error"], "error", []],
  [["success", "killed"], "killed", ["the customer read success, and later killed"]],
  [
    ["success", "running"],
    "success",
    [
      "the customer read success, and later running",
      "the customer was told running, the database holds success",
    ],
  ],
  [["success", "killed", "error"], "error", ["the customer read success, and later killed"]],
  [["killed", "success", "killed"], "killed", ["the customer read killed, and later success"]],
  [["success"], "running", ["the customer was told success, the database holds running"]],
  [["success"], null, ["the customer was told success, the database holds no such job"]],
])("reads of %j with %j in the database: %j", (reads, stored, witnesses) => {
  const facts = factsOf({}, { reads, stored });
  expect(terminalAbsorbs.applies(facts)).toBe(true);
  expect(terminalAbsorbs.witnesses(facts)).toEqual(witnesses);
});

test.each<[JobStatus[]]>([[[]], [["queued"]], [["queued", "booting", "running"]]])(
  "it says nothing of a job that was read as %j",
  (reads) => {
    expect(terminalAbsorbs.applies(factsOf({}, { reads }))).toBe(false);
  },
);
