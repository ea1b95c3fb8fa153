import { describe, expect, test } from "vitest";
import {
  asked,
  inList,
  linkedIn,
  lost,
  otherwise,
  problems,
  query,
  replied,
  settings,
  story,
  taken,
  target,
  without,
} from "../../testing/export-calls.ts";
import { call, list, refusal } from "../../testing/model-calls.ts";
import type { Fields, ModelCall } from "../call.ts";
import { judgeCalls } from "../model.ts";

/** A query and its exports, by the calls about them. */

test("exports that go their way are right, and all of it is judged", () => {
  expect(settings).not.toBeNull();
  expect(judgeCalls(story, 0, without)).toEqual({ departures: [], unjudged: 0 });
});

test("one whose answer was lost is known again by what is shown of it", () => {
  expect(
    judgeCalls(
      otherwise(6_000, () => lost),
      0,
      without,
    ),
  ).toEqual({ departures: [], unjudged: 0 });
});

test("an export that nobody has heard of may be the newest, and need not", () => {
  const unheard = otherwise(12_000, () => lost);
  expect(problems(unheard)).toEqual([]);
  const last = unheard.map((one) => (one.returned === 13_000 ? target(13_000, 2) : one));
  expect(problems(last)).toEqual([]);
});

test("a job from before the history began may have been exported then", () => {
  const older = list(16_000, [linkedIn(3), { ...linkedIn(98), job_id: "97" }]);
  expect(problems([...story, older]).filter((problem) => problem.includes("linked"))).toEqual([]);
});

describe("what is wrong", () => {
  test.each<[string, ModelCall[], string]>([
    ["it is answered with another target", replied(6_000, { target_job_id: "5" }), "target_job_id"],
    ["its id is another job's", otherwise(12_000, () => taken("2")), "job_id"],
    [
      "its key makes a second job",
      otherwise(12_000, ({ request }) => ({ request: { ...request, domain_key: "k2" } })),
      "domain_key",
    ],
    [
      "a job that has not ended is exported",
      otherwise(2_000, () => taken("9")),
      "it has no result to export",
    ],
    ["a result that is there is refused", otherwise(6_000, () => refusal(409, "wrong_state")), "wrong_state"],
    ["a job that is there is not found", otherwise(6_000, () => refusal(404, "not_found")), "not_found"],
    ["a good destination is refused", otherwise(6_000, () => refusal(422, "invalid_input")), "well-formed"],
    [
      "what is no destination is taken",
      otherwise(15_000, () => taken("4")),
      "a destination was accepted that means none",
    ],
    [
      "a job that is not there is exported",
      otherwise(14_000, () => ({ status: 200, reply: { job_id: "4", target_job_id: "77" } })),
      "nobody issued this job",
    ],
    ["it is shown as a query", replied(7_000, { type: "presto" }), "type"],
    [
      "its target is not shown",
      replied(7_000, { result_export_target_job_id: null }),
      "result_export_target_job_id",
    ],
    [
      "another target is shown",
      replied(7_000, { result_export_target_job_id: 2 }),
      "result_export_target_job_id",
    ],
    [
      "a query is shown as an export",
      replied(5_000, { result_export_target_job_id: 1 }),
      "result_export_target_job_id",
    ],
    ["its destination is shown otherwise", replied(7_000, { result: "" }), "result"],
    [
      "its link is not shown",
      replied(8_000, { linked_result_export_job_id: null }),
      "linked_result_export_job_id",
    ],
    [
      "a link is shown before there is one",
      replied(5_000, { linked_result_export_job_id: 2 }),
      "linked_result_export_job_id",
    ],
    [
      "the first export is shown for the newest",
      replied(13_000, { linked_result_export_job_id: 2 }),
      "linked_result_export_job_id",
    ],
    [
      "the link is no number",
      replied(13_000, { linked_result_export_job_id: "3" }),
      "linked_result_export_job_id",
    ],
    [
      "it is listed without its link",
      [...story, list(16_000, [linkedIn(null)])],
      "linked_result_export_job_id",
    ],
    [
      "it is listed without its target",
      [...story, list(7_500, [{ ...inList, result_export_target_job_id: null }])],
      "result_export_target_job_id",
    ],
    [
      "workers are handed it for another job",
      otherwise(9_000, ({ reply }) => ({
        reply: { job: { ...(reply as { job: Fields }).job, query: query.replace("1", "7") } },
      })),
      "query",
    ],
    [
      "workers are handed no destination",
      otherwise(9_000, ({ reply }) => ({
        reply: { job: { ...(reply as { job: Fields }).job, result_url: null } },
      })),
      "result_url",
    ],
    [
      "it ends well without a receipt",
      story.filter(({ operation }) => operation !== "worker.receipt"),
      "receipt",
    ],
    [
      "its worker tells a result of its own",
      otherwise(11_000, ({ request }) => ({
        request: { ...request, result_size: 9, result_schema: [["id", "bigint"]] },
      })),
      "result_schema",
    ],
    [
      "it has a result",
      [...story, call(16_000, "job.result", { job_id: "2", format: "json" }, "[1]\n")],
      "result",
    ],
  ])("%s", (_, calls, said) => {
    expect(problems(calls).join("\n")).toContain(said);
  });

  const account = { name: "bob", cluster: "hdp2" as const };

  test("another customer is told of the state of a job", () => {
    const early = asked(2_500, "5", {}, { account, ...refusal(409, "wrong_state") });
    expect(problems([...story, early]).join("\n")).toContain("wrong_state");
  });

  test("a link is hidden by one of several builds", () => {
    const hidden = replied(8_000, { linked_result_export_job_id: null });
    const { departures } = judgeCalls(hidden, 0, { ...without, isOneBuild: false });
    expect(departures.map(({ problem }) => problem).join("\n")).toContain("linked_result_export_job_id");
  });

  test("it is not shown by the next look, in the same moment", () => {
    const next = [...story.filter(({ returned }) => returned < 12_000), asked(12_000, "3")];
    const seen = { ...target(12_010, 2), sent: 12_000 };
    expect(problems([...next, seen]).join("\n")).toContain("linked_result_export_job_id");
  });

  test("another customer's result is exported", () => {
    expect(problems([...story, asked(16_000, "5", {}, { account })])).toContain(
      "it was answered to another customer",
    );
  });
});
