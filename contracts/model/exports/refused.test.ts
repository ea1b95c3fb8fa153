import { describe, expect, test } from "vitest";
import {
  call,
  cdh4,
  claim,
  ended,
  finish,
  issue,
  limits,
  listed,
  look,
  order,
  refusal,
  second,
} from "../../testing/model-calls.ts";
import type { Fields, ModelCall } from "../call.ts";
import { judgeCalls } from "../model.ts";

/** The export of a query whose destination refused its rows. */

const result = "web://sink/x";
const output_error = "sink answered 403";
const problems = (calls: readonly ModelCall[]): string[] =>
  judgeCalls(calls, 0, limits).departures.map(({ problem }) => problem);

const queried = { result, linked_result_export_job_id: 2, result_export_target_job_id: null };
const failed = {
  job_id: "2",
  url: "https://console.test/jobs/2",
  type: "result_export",
  status: "error",
  query: "RESULT EXPORT OF JOB 1",
  result,
  created_at: second(4),
  updated_at: second(4),
  start_at: second(4),
  end_at: second(4),
  duration: 0,
  linked_result_export_job_id: null,
  result_export_target_job_id: 1,
  debug: { cmdout: null, stderr: output_error },
};
const begun = [
  issue(1_000, "1", { request: { ...order, result } }),
  claim(2_000, { result_url: result }),
  call(3_000, "worker.heartbeat", { job_id: "1", attempt: 1 }, { lease_ms: 30_000, kill_requested: false }),
];
const end = finish(4_000, { output_error });
const life = [...begun, end];
const query = (at: number, change: Fields = {}) => look(at, { ...ended, ...queried, ...change });
const its = (at: number, change: Fields = {}) =>
  look(at, { ...failed, ...change }, { request: { job_id: "2" } });
const { debug: _, ...inList } = {
  ...listed,
  ...failed,
  num_records: null,
  result_size: null,
  hive_result_schema: null,
};
const list = (at: number, ...more: Fields[]) => {
  const jobs = [...more, inList, { ...listed, ...ended, ...queried }];
  return call(at, "job.list", {}, { jobs, count: jobs.length, from: null, to: null });
};
const unheard: Partial<ModelCall> = { status: null, reply: undefined, excused: true };

describe("a query whose destination refused its rows", () => {
  test("is a success with an export in error, both linked", () => {
    expect(problems([...life, query(5_000), its(6_000), list(7_000), query(8_000)])).toEqual([]);
    expect(problems([...life, list(5_000), query(6_000)])).toEqual([]);
  });

  test("may be refused by a service that has no exports, and fails then", () => {
    const refused = finish(4_000, { output_error }, refusal(409, "output_undelivered"));
    const failing = { status: "error", num_records: null, result_size: null, result_schema: null };
    expect(problems([...begun, refused, finish(5_000, { ...failing, message: output_error })])).toEqual([]);
  });

  test("is refused by no service that has exports", () => {
    const refused = (more: Partial<ModelCall> = {}) =>
      finish(3_500, { output_error }, { ...refusal(409, "output_undelivered"), ...more });
    const unseen = "it was refused (output_undelivered) although it says why nothing was delivered";
    expect(problems([...begun, refused(), end])).toEqual([unseen]);
    const exported = call(8_000, "job.result_export", { target_id: "1", result }, { job_id: 9 });
    expect(problems([...begun, refused(), exported])).toContain(unseen);
    const several = (calls: readonly ModelCall[]) =>
      judgeCalls(calls, 0, { ...limits, isOneBuild: false }).departures.map(({ problem }) => problem);
    expect(several([...begun, refused({ release: "a" }), { ...end, release: "b" }])).toEqual([]);
    expect(several([...begun, refused({ release: "b" }), { ...end, release: "b" }])).toEqual([unseen]);
    expect(several([...begun, refused(), end])).toEqual([]);
  });

  test("has the same export whatever answers were lost, and however often its end was told", () => {
    const lost = finish(4_000, { output_error }, unheard);
    const again = finish(5_000, { output_error });
    const late = { created_at: second(5), updated_at: second(5), start_at: second(5), end_at: second(5) };
    const at = { updated_at: second(5), end_at: second(5), duration: 2 };
    expect(problems([...begun, lost, again, query(6_000), its(7_000), query(8_000)])).toEqual([]);
    expect(problems([...begun, lost, again, query(6_000, at), its(7_000, late)])).toEqual([]);
    expect(problems([...begun, lost, query(6_000), its(7_000)])).toEqual([]);
    expect(problems([...life, again, query(6_000), its(7_000), list(8_000)])).toEqual([]);
  });

  test.each<[string, readonly ModelCall[], string]>([
    ["is not linked", [...life, query(5_000, { linked_result_export_job_id: null })], "linked_result_export"],
    [
      "is linked to another one",
      [...life, query(5_000), its(6_000), query(7_000, { linked_result_export_job_id: 3 })],
      "linked_result_export",
    ],
    [
      "is not its export's target",
      [...life, query(5_000), its(6_000, { result_export_target_job_id: null })],
      "result_export_target",
    ],
    ["has an export in success", [...life, its(5_000, { status: "success" })], "status"],
    ["has an export that waits", [...life, its(5_000, { status: "queued" })], "status"],
    [
      "has an export without the reason",
      [...life, its(5_000, { debug: { cmdout: null, stderr: null } })],
      "debug.stderr",
    ],
    ["has an export to another place", [...life, its(5_000, { result: "web://sink/y" })], "result: expected"],
    [
      "has two exports",
      [...life, list(5_000, { ...inList, job_id: "3", url: "https://console.test/jobs/3" })],
      "already",
    ],
    [
      "has an export, and nobody has said that it was refused",
      [...begun, finish(4_000), query(5_000)],
      "linked_result_export",
    ],
    [
      "has an export whose result is read",
      [...life, its(5_000), call(6_000, "job.result", { job_id: "2", format: "json" }, "[1]\n")],
      "a result was read",
    ],
    [
      "was handed out again",
      [...life, its(5_000), claim(6_000, { job_id: "2", query: failed.query })],
      "handed out",
    ],
  ])("is wrong where it %s", (_, calls, problem) => {
    expect(problems(calls)).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
  });

  test("makes no export where its query has no destination", () => {
    const probed = finish(4_000, { output_error }, { probe: "v5" });
    const alone = { linked_result_export_job_id: null, result_export_target_job_id: null };
    expect(
      problems([
        issue(1_000),
        claim(2_000),
        probed,
        look(5_000, { ...ended, start_at: second(4), duration: 0, ...alone }),
      ]),
    ).toEqual([]);
  });

  const without = [issue(1_000), claim(2_000)];
  test.each<[string, readonly ModelCall[]]>([
    ["without a destination", [...without, finish(4_000, { output_error })]],
    [
      "in an error",
      [
        ...begun,
        finish(4_000, {
          status: "error",
          num_records: null,
          result_size: null,
          result_schema: null,
          message: "no",
          output_error,
        }),
      ],
    ],
    ["without a result", [...begun, finish(4_000, { result_size: null, result_schema: null, output_error })]],
  ])("is not to be said %s", (_, calls) => {
    expect(problems(calls)).toEqual(expect.arrayContaining([expect.stringContaining("output_error")]));
  });

  test("is nobody's password", () => {
    const secret = "web://ann:hunter2secret@sink/x";
    const calls = [
      issue(1_000, "1", { request: { ...order, result: secret }, account: cdh4 }),
      claim(2_000, { result_url: secret }),
      finish(4_000, { output_error: "hunter2secret was wrong" }),
    ];
    const leaked = ["its message holds the password of a destination"];
    expect(problems(calls)).toEqual(leaked);
    const said = (words: string) =>
      problems([...calls.slice(0, 2), finish(4_000, { output_error: `${words} was wrong` })]);
    for (const half of ["hunter2", "2secret", "r2secret"]) expect(said(half)).toEqual(leaked);
    for (const word of ["hunter", "secret"]) expect(said(word)).toEqual([]);
    const held = ["its message holds the URL of a destination"];
    for (const url of ["web://ann:***@sink/x", "at http://sink/x it"]) expect(said(url)).toEqual(held);
    for (const words of ["sink:80", "sink/x", "https://docs.invalid"]) expect(said(words)).toEqual([]);
  });
});
