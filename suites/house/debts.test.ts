import { expect, test } from "vitest";
import { fullFolders, measure, mostSources, recorded } from "./debts.ts";

const measured = measure();

test.each(Object.keys(measured) as (keyof typeof measured)[])(
  "%s: what is recorded is what is there",
  (key) => {
    expect(measured[key], "mend what is new, and remove from debts.json what is mended").toEqual(
      recorded[key],
    );
  },
);

test("every list that is recorded is measured", () => {
  expect(Object.keys(recorded)).toEqual(Object.keys(measured));
});

test("a folder may hold the most, and not one more", () => {
  const names = Array.from({ length: mostSources + 1 }, (_, i) => `a/b/${i}.ts`);
  expect(fullFolders([...names.slice(1), "a/c.ts"])).toEqual([]);
  expect(fullFolders(names)).toEqual(["a/b"]);
});
