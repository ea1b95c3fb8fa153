import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { rigNames, rigs } from "./index.ts";

test("every folder of this one is a rig of the table: its file of the same name exports it", async () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() && entry.name !== "testing" ? [entry.name] : [],
  );
  const kinds: unknown[] = await Promise.all(rigNames.map((name) => rigs[name]()));
  const names = await Promise.all(
    folders.map(async (folder) => {
      const module = (await import(`./${folder}/${folder}.ts`)) as object;
      return [folder, rigNames.filter((_, i) => Object.values(module).includes(kinds[i]))] as const;
    }),
  );
  expect(names.filter(([, known]) => known.length === 0)).toEqual([]);
  expect(names.flatMap(([, known]) => known).toSorted()).toEqual(rigNames.toSorted());
});
