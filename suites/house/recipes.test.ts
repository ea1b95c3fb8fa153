import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importsOf, objectionTo, placeOf } from "./imports.ts";
import { all, edited, edits, folder, followedCopy, ownTests, written } from "./recipe-edits.ts";
import { recipes } from "./recipes.ts";
import type { WorkingCopy } from "./working-copy.ts";

/** How much a new thing costs: every recipe is followed in one copy of the working tree. */

/** For programs that check types or run tests on a machine that has other things to do. */
const timeout = 240_000;

test("every patch has a recipe, and every recipe a patch with a test of its own", () => {
  expect(readdirSync(folder).toSorted()).toEqual(recipes.map(({ name }) => `${name}.patch`).toSorted());
  const untested = written.filter(
    ({ files }) => !files.some(({ path, isNew }) => isNew && path.endsWith(".test.ts")),
  );
  expect(untested.map(({ name }) => name)).toEqual([]);
});

test.each(written)(
  "$name edits no more than $mayEdit existing files",
  ({ mayEdit, edits: known, ...recipe }) => {
    const paths = edited(recipe).map(({ path }) => path);
    expect(paths.length).toBeLessThanOrEqual(mayEdit);
    expect(paths.toSorted()).toEqual(Object.keys(known).toSorted());
  },
);

test("no test that is there has to be edited", () => {
  expect(all.filter(({ path, isNew }) => !isNew && path.endsWith(".test.ts"))).toEqual([]);
});

test.each(all.filter(({ isNew }) => isNew))(
  "$path lies in a layer and imports what it may",
  ({ path, hunks }) => {
    const text = hunks.join("").replaceAll(/^\+/gm, "");
    expect(path.startsWith("harness/") && placeOf(path) === undefined).toBe(false);
    expect(importsOf(path, text).map(objectionTo)).toEqual(importsOf(path, text).map(() => undefined));
  },
);

test("somebody is named who asks for every edit", () => {
  expect(edits.filter(({ asker }) => asker === undefined).map(({ what }) => what)).toEqual([]);
});

describe("in a copy in which all recipes are followed", () => {
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
});
