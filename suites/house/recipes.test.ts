import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { importsOf, objectionTo, placeOf } from "./imports.ts";
import { all, edited, edits, folder, followedCopy, written } from "./recipe-edits.ts";
import { recipes } from "./recipes.ts";

/** How much a new thing costs, read off the recipes' patches. At night they are followed: suites/nightly/recipes.test.ts. */

test("every patch applies to the tree as it is", async () => {
  using copy = await followedCopy();
  const added = all.filter(({ isNew }) => isNew).map(({ path }) => path);
  expect(added.filter((path) => !existsSync(join(copy.folder, path)))).toEqual([]);
});

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
