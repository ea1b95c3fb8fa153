import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type PatchedFile, readPatch } from "./patch.ts";
import { type Asker, type Recipe, recipes } from "./recipes.ts";
import { WorkingCopy } from "./working-copy.ts";

/** The patches of the recipes, and each of their edits that can be forgotten. */

export const folder = join(import.meta.dirname, "recipes");
export const written = recipes.map((recipe) => {
  const patch = readFileSync(join(folder, `${recipe.name}.patch`), "utf8");
  return { ...recipe, patch, files: readPatch(patch) };
});
export const edited = ({ files }: { files: PatchedFile[] }) => files.filter(({ isNew }) => !isNew);
export const all = written.flatMap(({ files }) => files);
export const ownTests = all.flatMap(({ path }) => (path.endsWith(".test.ts") ? [path] : []));

/** Every edit that can be forgotten, with who must ask for it. */
export const edits = written.flatMap(({ name, files, edits: askers, whole = {} }) =>
  edited({ files }).flatMap(({ path, hunks }) => [
    ...hunks.map((hunk, i) => ({
      what: `${name}: edit ${i + 1} of ${path}`,
      hunks: [hunk],
      asker: askerOf(askers, path, i),
    })),
    ...(hunks.length > 1 ? [{ what: `${name}: all of ${path}`, hunks, asker: whole[path] }] : []),
  ]),
);

/** A copy of the working tree in which all recipes are followed. */
export async function followedCopy(): Promise<WorkingCopy> {
  const copy = new WorkingCopy();
  await copy.initGit();
  for (const { patch } of written) await copy.apply(patch);
  return copy;
}

function askerOf(askers: Recipe["edits"], path: string, hunk: number): Asker | undefined {
  return askers[path]?.[hunk];
}
