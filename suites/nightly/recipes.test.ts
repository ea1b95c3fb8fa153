import { afterAll, beforeAll, expect, test } from "vitest";
import { edits, followedCopy, ownTests } from "../house/recipe-edits.ts";
import type { WorkingCopy } from "../house/working-copy.ts";

/**
 * Every recipe is followed in one copy of the working tree; then each of its edits is forgotten, and somebody says so.
 */

/** For programs that check types or run tests on a machine that has other things to do. */
const timeout = 240_000;

let copy: WorkingCopy;
beforeAll(async () => {
  copy = await followedCopy();
}, timeout);
afterAll(() => copy[Symbol.dispose]());

test("the types are right", { timeout }, async () => {
  expect(await copy.checkTypes()).toEqual({ exitCode: 0, text: "" });
});

test("what is new works, and nobody asks for more", { timeout }, async () => {
  const askers = edits.flatMap(({ asker }) => (asker === undefined || asker === "types" ? [] : [asker]));
  const shared = [
    "suites/house/house.test.ts",
    "suites/house/layers.test.ts",
    "contracts/destination.test.ts",
    "harness/invariants/judge.test.ts",
    "harness/report/exploration.test.ts",
    "harness/schedule/applicable.test.ts",
    "suites/trust/sweep-counts.test.ts",
  ];
  const { exitCode, text } = await copy.test(...new Set([...ownTests, ...askers, ...shared]));
  expect(exitCode, `it said ${text}`).toBe(0);
  for (const path of ownTests) expect(text).toContain(path);
});

test.each(edits)("is asked for: $what, by $asker", { timeout }, async ({ hunks, asker }) => {
  for (const hunk of hunks.toReversed()) await copy.revert(hunk);
  const said = asker === "types" ? await copy.checkTypes() : await copy.test(String(asker));
  for (const hunk of hunks) await copy.apply(hunk);
  expect(said.exitCode, `it said ${said.text}`).not.toBe(0);
  expect(said.text).toMatch(asker === "types" ? /error TS\d+/ : new RegExp(`FAIL .*${asker}`));
});
