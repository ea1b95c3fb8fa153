import { expect, test } from "vitest";
import { factsOf } from "../testing/facts.ts";
import { contractKept } from "./contract-kept.ts";

test("every departure from the contract is told, each once", () => {
  const mismatches = ["a -> api: one", "b -> api: two", "a -> api: one"];
  expect(contractKept.witnesses(factsOf({}, { mismatches }))).toEqual(["a -> api: one", "b -> api: two"]);
  expect(contractKept.witnesses(factsOf())).toEqual([]);
});

test("it applies to jobs that were refused as well", () => {
  expect(contractKept.applies(factsOf({ ending: "refused" }))).toBe(true);
});
