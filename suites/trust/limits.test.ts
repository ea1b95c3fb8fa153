import { describe, expect, test } from "vitest";
import type { Reply } from "../../contracts/in-process.ts";
import { field } from "../../contracts/step.ts";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import { declared, isTold, isUnasked, type Question } from "../../harness/probe/limits.ts";
import type { Input } from "../../harness/probe/probe.ts";
import { type Asked, askedOf, historyOf, type Served } from "./limits/asked.ts";
import { isAt, isBeyond, withLegal } from "./limits/measured.ts";

/** Each limit that the contract declares is asked at and beyond, and an API that is off by one at one of them is red. */

const right = await askedOf((_, input, call) => call(input));
const reasonOf = ({ reply }: Asked): unknown => field(field(reply, "details"), "reason");
const named = (question: Question): string => {
  const { path, of, side, bound } = question.limit;
  return `${question.operation}: ${path}, ${side} ${of} ${bound}`;
};
const cases = declared.map((question) => ({ name: named(question), ...question }));
const askedAt = cases.filter((one) => !isUnasked(one));
const askedBeyond = askedAt.filter(isTold);

test("the reference API is right at every limit", () => {
  const { loose, broken, unjudged } = judgeHistory(historyOf(right));
  expect({ loose, broken, unjudged }).toEqual({ loose: [], broken: [], unjudged: 0 });
});

const refused: Reply = {
  status: 422,
  body: {
    error: "it is wrong",
    text: "it is wrong",
    severity: "error",
    details: { reason: "invalid_input" },
  },
};

/** What the judge says of an API that takes these for the other side of the limit. */
async function seen(served: Served): Promise<readonly string[]> {
  const { loose, broken } = judgeHistory(historyOf(await askedOf(served, ["v5"])));
  return [...loose, ...broken.flatMap(({ witnesses }) => witnesses)];
}

test("limits at which nothing is asked are few, and known", () => {
  const left = cases.filter(isUnasked).map(({ name }) => name);
  expect(left).toEqual([
    "connector.issue: config.in.secret_access_key, least length 1",
    "connector.issue: config.in.secret_access_key, most length 256",
    "job.list: from, most value 9007199254740991",
    "job.list: to, most value 9007199254740991",
    "job.result_export: result, least length 1",
    "table.partial_delete: from, most value 9007199254740991",
    "table.partial_delete: to, least value 0",
    "table.partial_delete: to, most value 9007199254740991",
    "table.partial_delete: to, least length 1",
    "table.export: secret_access_key, least length 1",
    "table.export: secret_access_key, most length 256",
    "table.export: from, most value 999999999999999",
    "table.export: to, least value 0",
    "table.export: to, least length 1",
    "table.import: database, most length 255",
    "table.import: table, most length 255",
    "table.import: content, most length 11184812",
    "table.import_with_id: database, most length 255",
    "table.import_with_id: table, most length 255",
    "table.import_with_id: content, most length 11184812",
    "bulk_import.upload_part: content, most length 44739244",
    "scheduled_query.history: from, most value 9007199254740991",
    "scheduled_query.history: to, most value 9007199254740991",
    "scheduled_query.run: num, most value 100",
    "user.authenticate: password, least length 1",
    "user.authenticate: password, most length 255",
    "user.add: password, least length 1",
    "user.add: password, most length 255",
    "user.remove_apikey: apikey, least length 1",
    "user.remove_apikey: apikey, most length 255",
  ]);
});

test("none but names are left out from beyond: there is nothing under those", () => {
  const paths = askedAt.filter((one) => !isTold(one)).map(({ limit }) => limit.path);
  const names = ["database", "table", "first", "second", "name", "part", "unique_id"];
  expect(new Set(paths)).toEqual(new Set([...names, "protocol", "job_id", "attempt", "time"]));
});

describe("an API is red that", () => {
  test.each(askedAt.filter(({ limit }) => limit.of !== "multiple"))(
    "refuses $name",
    async ({ operation, limit }) => {
      const off = await seen(async (one, input, call) =>
        one === operation && isAt(limit, input) ? refused : await call(input),
      );
      expect(off).not.toEqual([]);
    },
  );

  test.each(askedBeyond)("takes more than $name", async ({ operation, limit }) => {
    const off = await seen(async (one, input, call) => {
      if (one !== operation || !isBeyond(limit, input)) return await call(input);
      const { legal, undone } = withLegal(limit, input);
      const reply = await call(legal);
      return { ...reply, body: undone(reply.body) };
    });
    expect(off).not.toEqual([]);
  });
});

describe("is asked", () => {
  test.each(askedAt.filter(({ limit }) => limit.of !== "multiple"))(
    "at $name, and not refused as wrong",
    ({ operation, limit }) => {
      const found = right.filter(
        (event) => event.operation === operation && isAt(limit, event.request as Input),
      );
      expect(found.filter((event) => reasonOf(event) !== "invalid_input")).not.toEqual([]);
    },
  );
  test.each(askedBeyond)("beyond $name, and refused", ({ operation, limit }) => {
    const found = right.filter(
      (event) => event.operation === operation && isBeyond(limit, event.request as Input),
    );
    expect(found.map(reasonOf)).toContain("invalid_input");
  });
});
