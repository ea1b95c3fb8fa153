import { expect, test } from "vitest";
import { bodyFile, isReference } from "./format.ts";

test("a reference is an object with the key $body, whatever else it has", () => {
  expect([{ $body: 1 }, { $body: null, x: 1 }].map(isReference)).toEqual([true, true]);
  expect([null, "$body", ["$body"], {}, 7, undefined].map(isReference)).toEqual(Array(6).fill(false));
});

test("large values are in a folder beside the history, with its name", () => {
  expect(bodyFile("run/history.jsonl", "ab")).toBe("run/history.bodies/ab.json");
});
