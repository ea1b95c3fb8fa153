import { expect, test } from "vitest";
import { fullFolders, measure, mostSources } from "./whole.ts";

test.each(Object.entries(measure()))("nothing breaks the rule of %s", (_, places) => {
  expect(places).toEqual([]);
});

test("a folder may hold the most, and not one more", () => {
  const names = Array.from({ length: mostSources + 1 }, (_, i) => `a/b/${i}.ts`);
  expect(fullFolders([...names.slice(1), "a/c.ts"])).toEqual([]);
  expect(fullFolders(names)).toEqual(["a/b"]);
});
