import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { type Found, foundSchema } from "./counts.ts";
import { barOf } from "./found.ts";
import { mutantsPage } from "./page.ts";

const found: Found = {
  day: "2026-12-01",
  builds: [
    { id: "wrong", needs: "nothing" },
    { id: "worse", needs: "nothing" },
    { id: "late", needs: "faults" },
    { id: "legal", needs: "control" },
  ],
  peers: [
    { peer: "interlock", with: "schedules", seconds: 3, found: ["wrong", "worse", "late"] },
    { peer: "pact", with: "pacts", seconds: 4, found: ["wrong", "legal"] },
  ],
};

test("a table says of each peer what it finds of what kind", () => {
  const rows = mutantsPage(found)
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.replaceAll(/ +/g, " "));
  expect(rows.slice(2, 4)).toEqual([
    "| Interlock | 3 | 2 of 2 | 1 of 1 | 0 of 0 | 0 of 0 | 0 of 1 | 3 s |",
    "| Pact's verifier (`@pact-foundation/pact`) | 1 | 1 of 2 | 0 of 1 | 0 of 0 | 0 of 0 | 1 of 1 | 4 s |",
  ]);
  expect(mutantsPage(found)).toContain("2 of the 3 mutants are found by none of the three peers");
});

test.each<[string, Partial<Found["peers"][number]>, boolean]>([
  ["all mutants and no control", {}, true],
  ["not all mutants", { found: ["wrong"] }, false],
  ["a control", { found: ["wrong", "worse", "late", "legal"] }, false],
])("the bar is met by %s, or not", (_, more, met) => {
  const [own, pact] = found.peers as [Found["peers"][number], Found["peers"][number]];
  expect(barOf({ ...found, peers: [{ ...own, ...more }, pact] }).met).toBe(met);
});

test("docs/peers.md is made from docs/peers.json", async () => {
  const kept = foundSchema.parse(JSON.parse(await readFile("docs/peers.json", "utf8")));
  await expect(mutantsPage(kept)).toMatchFileSnapshot("../../docs/peers.md");
});
