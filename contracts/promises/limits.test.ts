import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { backOffs, systemLimits } from "./limits.ts";

const inWords = (ms: number | null): string => {
  if (ms === null) return "none";
  return ms < 60_000 ? `${ms / 1000} s` : `${ms / 60_000} min`;
};

test("docs/worker.md says the same of every back-off and limit", async () => {
  const page = await readFile("docs/worker.md", "utf8");
  const cells = page.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  const rows = cells.flatMap((row) =>
    /^[\d.]+ s$/.test(row[2] ?? "") && row.length === 6 ? [row.slice(2, 5).join(" | ")] : [],
  );
  const contract = Object.values(backOffs).map(({ baseMs, capMs, limitMs }) =>
    [baseMs, capMs, limitMs].map(inWords).join(" | "),
  );
  expect([...new Set(rows)].toSorted()).toEqual([...new Set(contract)].toSorted());
  const { leaseMs, requestMs, deliveryTryMs } = systemLimits;
  const told = cells.flatMap((row) => (/^a lease$|^one /.test(row[1] ?? "") ? [row[2]] : []));
  expect(told).toEqual([leaseMs, requestMs, deliveryTryMs].map((ms) => `${ms / 1000} s`));
});
