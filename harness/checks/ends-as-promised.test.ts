import { expect, test } from "vitest";
import type { Scenario } from "../schedule/scenario.ts";
import { factsOf } from "../testing/facts.ts";
import type { CellFacts } from "./check.ts";
import { endsAsPromised } from "./ends-as-promised.ts";

const unanswered = { accepted: false, refusal: "connect ECONNREFUSED", refusalStatus: null, reads: [] };

test.each<[Scenario["ending"], Partial<CellFacts>, string[]]>([
  ["success", {}, []],
  ["error", {}, []],
  ["killed", {}, []],
  ["success", { reads: ["queued", "error"] }, ["the job ended as error, promised is success"]],
  ["error", { reads: ["success"] }, ["the job ended as success, promised is error"]],
  ["killed", { reads: ["running"] }, ["the job ended as running, promised is killed"]],
  ["success", { reads: [] }, ["the job ended as unread, promised is success"]],
  ["success", { listed: false }, ["the customer's list of jobs does not show it"]],
  ["success", unanswered, ["the API refused the job: connect ECONNREFUSED"]],
  ["refused", {}, []],
  ["refused", { accepted: true }, ["the API accepted a job that it must refuse"]],
  [
    "refused",
    unanswered,
    ["the API must refuse the job with status 422, but no refusal is on record: connect ECONNREFUSED"],
  ],
  [
    "refused",
    { refusal: "internal error", refusalStatus: 500 },
    ["the API must refuse the job with status 422, but it answered 500: internal error"],
  ],
])("promised %s, found %j: %j", (ending, found, witnesses) => {
  const facts = factsOf({ ending }, found);
  expect(endsAsPromised.applies(facts)).toBe(true);
  expect(endsAsPromised.witnesses(facts)).toEqual(witnesses);
});
