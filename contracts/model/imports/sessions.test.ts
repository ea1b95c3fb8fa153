import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import { describe, expect, test } from "vitest";
import { asks, call, hdp2, limits, own, refusal } from "../../testing/model-calls.ts";
import type { Fields, ModelCall } from "../call.ts";
import { judgeCalls } from "../model.ts";

/** A session of which one perform fails, that is then performed and committed: every call a second after the other. */

const name = "sess_1";
const named = { name, bulk_import: name };
const shown = {
  name,
  database: "sample",
  table: "trades",
  status: "uploading",
  upload_frozen: false,
  job_id: null,
  valid_records: null,
  error_records: null,
  valid_parts: null,
  error_parts: null,
};
/** A part of one record each. */
const [partA, partB] = ["a", "b"].map((word) => gzipSync(encode({ time: 1, word })).toString("base64")) as [
  string,
  string,
];
const counts = { valid_records: 2, error_records: 0, valid_parts: 2, error_parts: 0 };
const killed = {
  status: "killed",
  num_records: null,
  result_size: null,
  result_schema: null,
  message: "why",
};
const success = { ...killed, status: "success", num_records: 2, message: null };

const asked = (
  at: number,
  what: string,
  request: Fields = {},
  reply: unknown = named,
  more: Partial<ModelCall> = {},
) => call(at, `bulk_import.${what}` as ModelCall["operation"], { name, ...request }, reply, more);
const look = (at: number, change: Fields) => asked(at, "show", {}, { ...shown, ...change });
const of = (job_id: string) => ({ ...own, job_id });
const claimOf = (at: number, job_id: string, what: string) =>
  call(at, "worker.claim", asks, {
    job: {
      job_id,
      attempt: 1,
      lease_ms: 30_000,
      account: 1,
      type: "hive",
      engine: "hive-cdh4",
      database: "sample",
      query: `BULK IMPORT ${what} ${name} INTO trades`,
      kill_requested: false,
      result_url: null,
    },
  });
const part = (at: number, job: string, after: string | undefined, found: Fields | null) =>
  call(at, "worker.import_part", after === undefined ? of(job) : { ...of(job), after }, { part: found });
const ends = (at: number, job: string, report: Fields) =>
  call(at, "worker.finish", { ...of(job), ...report }, { job_id: job, status: report["status"] });

const committed = { ...counts, status: "committed", upload_frozen: true, job_id: "3" };
const into = { database: "sample", table: "trades" };
const story: ModelCall[] = [
  asked(1_000, "create", into),
  asked(2_000, "upload_part", { part: "b", content: "AAEC" }),
  asked(3_000, "upload_part", { part: "a", content: partA }),
  asked(4_000, "upload_part", { part: "b", content: partB }),
  asked(5_000, "list_parts", {}, { ...named, parts: ["a", "b"] }),
  asked(6_000, "freeze"),
  asked(7_000, "upload_part", { part: "c", content: "" }, null, refusal(409, "wrong_state")),
  look(8_000, { upload_frozen: true }),
  asked(9_000, "perform", {}, { ...named, job_id: 1 }),
  look(10_000, { status: "performing", upload_frozen: true, job_id: "1" }),
  claimOf(11_000, "1", "PERFORM"),
  call(12_000, "job.kill", { job_id: "1" }, { job_id: "1", former_status: "booting" }),
  ends(13_000, "1", killed),
  look(14_000, { upload_frozen: true, job_id: "1" }),
  asked(15_000, "perform", {}, { ...named, job_id: 2 }),
  asked(16_000, "perform", {}, { ...named, job_id: 2 }),
  claimOf(17_000, "2", "PERFORM"),
  part(18_000, "2", undefined, { name: "a", content: partA }),
  part(19_000, "2", "a", { name: "b", content: partB }),
  part(20_000, "2", "b", null),
  ends(21_000, "2", { ...success, import_counts: counts }),
  look(22_000, { ...counts, status: "ready", upload_frozen: true, job_id: "2" }),
  asked(23_000, "commit"),
  look(24_000, { ...counts, status: "committing", upload_frozen: true, job_id: "3" }),
  asked(25_000, "commit"),
  claimOf(26_000, "3", "COMMIT"),
  ends(27_000, "3", success),
  look(28_000, committed),
  call(28_500, "bulk_import.list", {}, { bulk_imports: [{ ...shown, ...committed }] }),
  asked(29_000, "delete"),
  asked(30_000, "show", {}, null, refusal(404, "not_found")),
];

const ofImports = { ...limits, rowsOf: () => null };
const problems = (calls: readonly ModelCall[]): string[] =>
  judgeCalls(calls, 0, ofImports).departures.map(({ problem }) => problem);

/** The story with one call answered or asked otherwise. */
const otherwise = (at: number, change: (call: ModelCall) => Partial<ModelCall>): ModelCall[] =>
  story.map((one) => (one.returned === at ? { ...one, ...change(one) } : one));
const replied = (at: number, change: Fields) =>
  otherwise(at, ({ reply }) => ({ reply: { ...(reply as Fields), ...change } }));
const refused = (at: number, reason: string, status = 409) => otherwise(at, () => refusal(status, reason));
const takenAt = (at: number) => otherwise(at, () => ({ status: 200, reply: named }));

test("a session that goes its way is right, and all of it is judged", () => {
  expect(judgeCalls(story, 0, ofImports)).toEqual({ departures: [], unjudged: 0 });
});

describe("what is wrong", () => {
  test.each<[string, ModelCall[], string]>([
    ["a part is missing in the list", replied(5_000, { parts: ["b"] }), "parts"],
    ["parts are out of order", replied(5_000, { parts: ["b", "a"] }), "parts"],
    ["a frozen session takes a part", takenAt(7_000), "although the session was uploading, frozen"],
    ["an open session takes none", refused(2_000, "wrong_state"), "although the session was uploading"],
    ["a session is shown in another table", replied(8_000, { table: "others" }), "table"],
    ["it is not frozen after that", replied(8_000, { upload_frozen: false }), "upload_frozen"],
    ["it is gone", refused(8_000, "not_found", 404), "not_found"],
    ["it performs and does not say so", replied(10_000, { status: "uploading" }), "status"],
    ["it has another job", replied(10_000, { job_id: "9" }), "job_id"],
    ["it is ready although its job was killed", replied(14_000, { status: "ready" }), "status"],
    ["it is stuck after its job was killed", replied(14_000, { status: "performing" }), "status"],
    ["it counts what was not performed", replied(14_000, counts), "valid_records"],
    ["a perform that is under way gets a second job", replied(16_000, { job_id: 4 }), "job_id"],
    ["a part comes twice", replied(20_000, { part: { name: "b", content: partB } }), "part"],
    ["a part is left out", replied(18_000, { part: { name: "b", content: partB } }), "part.name"],
    ["a part is as it was before", replied(19_000, { part: { name: "b", content: "AAEC" } }), "part.content"],
    ["there is none where one is", replied(19_000, { part: null }), "part.name"],
    [
      "a perform ends without counts",
      otherwise(21_000, ({ request }) => ({ request: { ...request, import_counts: undefined } })),
      "without its counts",
    ],
    [
      "a perform counts what is not in the parts",
      otherwise(21_000, ({ request }) => ({
        request: { ...request, import_counts: { ...counts, error_records: 1 } },
      })),
      "import_counts",
    ],
    [
      "a perform tells more records than are valid",
      otherwise(21_000, ({ request }) => ({ request: { ...request, num_records: 3 } })),
      "num_records",
    ],
    ["counts are refused as missing that are there", refused(21_000, "counts_missing"), "counts_missing"],
    ["it is not ready once its job is a success", replied(22_000, { status: "performing" }), "status"],
    ["it counts something else", replied(22_000, { error_parts: 1 }), "error_parts"],
    ["it is committed before its job is", replied(24_000, { status: "committed" }), "status"],
    ["it is committed and does not say so", replied(28_000, { status: "committing" }), "status"],
    ["a commit is refused", refused(23_000, "wrong_state"), "although the session was ready"],
    ["what was deleted is refused as if it were there", refused(30_000, "wrong_state"), "is not there"],
    ["what was deleted is shown", otherwise(30_000, () => ({ status: 200, reply: shown })), "is not there"],
    ["a list leaves it out", replied(28_500, { bulk_imports: [] }), "sess_1 in the list: it was refused"],
    [
      "a list shows it as it was",
      replied(28_500, { bulk_imports: [{ ...shown, ...committed, status: "ready" }] }),
      "in the list: status",
    ],
    [
      "a list shows it twice",
      replied(28_500, {
        bulk_imports: [
          { ...shown, ...committed },
          { ...shown, ...committed },
        ],
      }),
      "in order",
    ],
    ["a job is handed out with another query", replied(26_000, {}).map(reworded), "nobody issued this job"],
  ])("%s", (_, calls, words) => {
    expect(problems(calls).join("\n")).toContain(words);
  });
});

const reworded = (one: ModelCall): ModelCall =>
  one.returned === 26_000 ? claimOf(26_000, "3", "PERFORM") : one;

test("of calls that overlap either may have come first, and what is then seen is learnt", () => {
  const overlapping = otherwise(7_000, () => ({ sent: 5_500, status: 200, reply: named }));
  expect(problems(overlapping)).toEqual([]);
  const later = overlapping.map((one) =>
    one.returned === 10_000 ? look(10_000, { upload_frozen: true }) : one,
  );
  expect(problems(later).join("\n")).toContain("status");
});

test("a call without an answer may still take effect", () => {
  const lost = otherwise(6_000, () => ({ status: null, reply: null, excused: true }));
  expect(problems(lost.filter(({ returned }) => returned < 9_000))).toEqual([]);
});

describe("an order of which the answer was lost is known by what is seen of it", () => {
  const lost = { status: null, reply: null, excused: true } as const;
  const lostAt = (at: number, ...again: ModelCall[]) => [...otherwise(at, () => lost), ...again];
  test.each<[string, ModelCall[]]>([
    [
      "a create, which is then refused as taken",
      lostAt(1_000, asked(1_500, "create", into, null, refusal(409, "already_exists"))),
    ],
    [
      "a perform, of which the next one tells the job",
      lostAt(9_000, asked(9_500, "perform", {}, { ...named, job_id: 1 })),
    ],
    ["a perform, of which no other tells the job", lostAt(9_000)],
    ["a commit, and the next one", lostAt(23_000, asked(23_500, "commit"))],
    ["a commit alone", lostAt(23_000)],
  ])("%s", (_, calls) => {
    expect(problems(calls)).toEqual([]);
  });

  test("a job of a query that nobody ordered is none of these", () => {
    const others = lostAt(9_000).map((one) =>
      one.returned === 11_000 ? claimOf(11_000, "1", "COMMIT") : one,
    );
    expect(problems(others)).toContain("nobody issued this job");
  });
});

describe("a page of jobs is judged by its places", () => {
  const page = (ids: readonly string[]) => {
    const jobs = ids.map((job_id) => ({ job_id, status: "success" }));
    return call(28_200, "job.list", { from: 1, to: 2 }, { jobs, count: jobs.length, from: 1, to: 2 });
  };
  const misplaced = (calls: readonly ModelCall[]) =>
    problems([...calls, page(["3", "2"])]).filter((problem) => !problem.startsWith("created_at"));

  test("once the job of a commit is known, however often it was asked for", () => {
    expect(misplaced(story)).not.toEqual([]);
  });

  test("and not where another commit may have ordered one that nobody has seen", () => {
    const killed = call(24_200, "job.kill", { job_id: "3" }, null, { status: null, excused: true });
    expect(misplaced([...story, killed])).toEqual([]);
  });
});

test("another customer's session of that name is another one", () => {
  const others = asked(29_500, "create", { database: "sample", table: "trades" }, named, { account: hdp2 });
  expect(problems([...story, others])).toEqual([]);
});

describe("an answer names the session that was asked about", () => {
  const answered = story.filter(({ request, status }) => request["name"] === name && status === 200);
  const operations = [...new Set(answered.map(({ operation }) => operation))].filter(
    (operation) => operation !== "bulk_import.list",
  );

  test.each(operations)("%s", (operation) => {
    const at = story.findIndex((one) => one.operation === operation && one.status === 200);
    const one = story[at] as ModelCall;
    const renamed = { ...one, reply: { ...(one.reply as object), name: "sess_2" } };
    expect(problems(story.with(at, renamed))).toContain(
      `name: expected ${JSON.stringify(name)}, got "sess_2"`,
    );
  });

  test("also where two calls overlap", () => {
    const other = asked(
      2_100,
      "upload_part",
      { part: "z", content: "" },
      { ...named, bulk_import: "sess_2" },
    );
    expect(problems([...story, { ...other, sent: 900 }])).toContain(
      `bulk_import: expected ${JSON.stringify(name)}, got "sess_2"`,
    );
  });
});
