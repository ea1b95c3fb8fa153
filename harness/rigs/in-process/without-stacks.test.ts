import { afterEach, expect, test } from "vitest";
import { withoutStacks } from "./without-stacks.ts";

const before = Error.stackTraceLimit;
afterEach(() => {
  Error.stackTraceLimit = before;
});

test("takes no stack until the last of several works is over, in whatever order they end", async () => {
  Error.stackTraceLimit = 7;
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const works = [withoutStacks(() => first.promise), withoutStacks(() => second.promise)];
  expect(Error.stackTraceLimit).toBe(0);
  first.resolve();
  await works[0];
  expect(Error.stackTraceLimit).toBe(0);
  second.resolve();
  await works[1];
  expect(Error.stackTraceLimit).toBe(7);
});

test("puts the limit back when the work fails", async () => {
  Error.stackTraceLimit = 7;
  await expect(withoutStacks(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(Error.stackTraceLimit).toBe(7);
});
