import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importsOf, objectionTo, placeOf } from "./imports.ts";
import { type PatchedFile, readPatch } from "./patch.ts";
import { type Asker, type Recipe, recipes } from "./recipes.ts";
import { WorkingCopy } from "./working-copy.ts";

/** How much a new thing costs: every recipe is followed in one copy of the working tree, then broken edit by edit. */

/** For programs that check types or run tests on a machine that has other things to do. */
const timeout = 240_000;

const folder = join(import.meta.dirname, "recipes");
const written = recipes.map((recipe) => {
  const patch = readFileSync(join(folder, `${recipe.name}.patch`), "utf8");
  return { ...recipe, patch, files: readPatch(patch) };
});
const edited = ({ files }: { files: PatchedFile[] }) => files.filter(({ isNew }) => !isNew);
const all = written.flatMap(({ files }) => files);
const ownTests = all.flatMap(({ path }) => (path.endsWith(".test.ts") ? [path] : []));

/** Every edit that can be forgotten, with who must ask for it. */
const edits = written.flatMap(({ name, files, edits: askers, whole = {} }) =>
  edited({ files }).flatMap(({ path, hunks }) => [
    ...hunks.map((hunk, i) => ({
      what: `${name}: edit ${i + 1} of ${path}`,
      hunks: [hunk],
      asker: askerOf(askers, path, i),
    })),
    ...(hunks.length > 1 ? [{ what: `${name}: all of ${path}`, hunks, asker: whole[path] }] : []),
  ]),
);

function askerOf(askers: Recipe["edits"], path: string, hunk: number): Asker | undefined {
  return askers[path]?.[hunk];
}

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
    copy = new WorkingCopy();
    await copy.initGit();
    for (const { patch } of written) await copy.apply(patch);
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
});
