import { expect, test } from "vitest";
import { questionIn, unknownName } from "./name-watch.ts";

/** A query for the address of a name, with an option behind it. */
const query = Buffer.from(
  "1234010000010000000000010465766c6c06456e474c614e00000100010000291000000000000000",
  "hex",
);

test("the name of a query is read in lower case, and answered as unknown", () => {
  const question = questionIn(query);
  expect(question).toEqual({ name: "evll.englan", end: 29 });
  expect(unknownName(query, 29).toString("hex")).toBe(
    "1234818300010000000000000465766c6c06456e474c614e0000010001",
  );
});

test("what is no query has no name", () => {
  expect(
    [Buffer.alloc(0), Buffer.alloc(12), Buffer.alloc(13), query.subarray(0, 20)].map(questionIn),
  ).toEqual([null, null, null, null]);
});
