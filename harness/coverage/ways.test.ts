import { expect, test } from "vitest";
import { resultFormats } from "../../contracts/operations/jobs.ts";
import { calm, list, type Told } from "../invariants/testing/calls.ts";
import { eventsOf } from "../invariants/testing/history.ts";
import { coverageOf } from "./coverage.ts";
import { waysLeft } from "./ways.ts";

const read = (request: object, more: Partial<Told> = {}): Told => ({
  ...(calm[0] as Told),
  operation: "job.result",
  job: "1",
  request: { job_id: "1", ...request },
  reply: "",
  ...more,
});
const waysIn = (...calls: readonly Told[]) => coverageOf(eventsOf({ calls: [...calm, ...calls] })).ways;
const all = [
  ...resultFormats.map((format) => read({ format })),
  read({ header: "True" }),
  read({}, { status: 416, headers: { request: { range: "bytes=9-" }, reply: {} } }),
];
const lists = [
  { ...list(3_000, []), customer: "cdh4", request: { to: 3 } },
  { ...list(3_000, []), customer: "cdh4", request: { status: "success" } },
] as const;

test("a result without a format is read as tsv; what was refused was not read", () => {
  expect(waysIn(read({})).results).toEqual({ v5: ["tsv"], v6: [] });
  expect(waysIn(read({ format: "csv" }, { status: 404 })).results.v5).toEqual([]);
});

test("nothing is left where everything was asked", () => {
  const seen = waysIn(...all, ...lists);
  expect(waysLeft(seen, new Set(["v5"]), new Set(["cdh4"]))).toEqual([]);
});

test("what is left is named with whose it is", () => {
  const seen = waysIn(...all.slice(1), lists[0]);
  expect(waysLeft(seen, new Set(["v5"]), new Set(["cdh4"]))).toEqual([
    "the result of a job of v5 was not answered msgpack",
    "the list of cdh4 was not answered by status",
  ]);
  expect(waysLeft(seen, new Set(), new Set())).toEqual([]);
});
