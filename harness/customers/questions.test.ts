import { expect, test } from "vitest";
import { jobStatuses } from "../../contracts/job.ts";
import { resultFormats } from "../../contracts/operations/jobs.ts";
import { operations } from "../../contracts/operations.ts";
import { askLists, askOf, resultQuestions } from "./questions.ts";
import { fakeCaller } from "./testing/fake-caller.ts";

const headersOf = (name: string) => resultQuestions.flatMap(({ headers }) => headers?.[name] ?? []);

test("results are asked for in every format, with and without a header, whole and in parts", () => {
  const formats = resultQuestions.map(({ format }) => format);
  expect(new Set(formats)).toEqual(new Set([undefined, ...resultFormats, "xml"]));
  for (const format of ["csv", "tsv"] as const) {
    const headers = resultQuestions.filter((one) => one.format === format).map(({ header }) => header);
    expect(headers.some((header) => header?.toLowerCase() === "true")).toBe(true);
    expect(headers.some((header) => header?.toLowerCase() !== "true")).toBe(true);
  }
  expect(headersOf("range")).toEqual(expect.arrayContaining(["bytes=0-9", "bytes=-7", "bytes=5-"]));
  expect(headersOf("if-range")).toEqual([expect.stringMatching(/^"[^ ]+"$/)]);
});

test("a download is resumed with the version that was told just before", async () => {
  const sent: unknown[] = [];
  const { caller } = fakeCaller(() => ({ status: 200, body: "", headers: { etag: '"v1"' } }));
  const call: typeof caller.call = (operation, input, headers) => {
    sent.push([input, headers]);
    return caller.call(operation, input);
  };
  await askOf({ ...caller, call }, "7", [
    { format: "csv" },
    { format: "msgpack.gz", headers: { range: "bytes=4-" }, resumes: true },
  ]);
  expect(sent).toEqual([
    [{ job_id: "7", format: "csv" }, undefined],
    [{ job_id: "7", format: "msgpack.gz" }, undefined],
    [
      { job_id: "7", format: "msgpack.gz" },
      { range: "bytes=4-", "if-range": '"v1"' },
    ],
  ]);
});

test("lists are asked for by places that there are, by others, and by every status, all of it as the contract has it", async () => {
  const { caller, calls } = fakeCaller(() => null);
  await askLists(caller);
  const asked = calls.map(([, input]) => input);
  expect(asked.every((input) => operations["job.list"].input.safeParse(input).success)).toBe(true);
  expect(jobStatuses.filter((status) => !asked.some((input) => input["status"] === status))).toEqual([]);
  expect(asked.some(({ from, to }) => Number(from) > Number(to))).toBe(true);
});
