import { afterAll, beforeAll, expect, test } from "vitest";
import { edits, followedCopy } from "../house/recipe-edits.ts";
import type { WorkingCopy } from "../house/working-copy.ts";

/** Every edit of a recipe is asked for: it is forgotten, in a copy in which all recipes are followed, and somebody says so. */

/** For programs that check types or run tests on a machine that has other things to do. */
const timeout = 240_000;

let copy: WorkingCopy;
beforeAll(async () => {
  copy = await followedCopy();
}, timeout);
afterAll(() => copy[Symbol.dispose]());

test.each(edits)("is asked for: $what, by $asker", { timeout }, async ({ hunks, asker }) => {
  for (const hunk of hunks.toReversed()) await copy.revert(hunk);
  const said = asker === "types" ? await copy.checkTypes() : await copy.test(String(asker));
  for (const hunk of hunks) await copy.apply(hunk);
  expect(said.exitCode, `it said ${said.text}`).not.toBe(0);
  expect(said.text).toMatch(asker === "types" ? /error TS\d+/ : new RegExp(`FAIL .*${asker}`));
});
