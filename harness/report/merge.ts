import type { Merged } from "../gate/merge.ts";
import type { ProvenCell } from "../gate/proof.ts";
import type { Recorded } from "../gate/recorded.ts";
import { violationOf } from "../invariants/judge.ts";
import { exitOf } from "../verdict.ts";
import { type Case, historyIn, looseCases, type Report } from "./report.ts";

/** What the shards of a matrix come to together. Nothing in it depends on how many there were, or on when they ran. */
export function mergeReport(merged: Merged, recorded: ReadonlyMap<ProvenCell, Recorded> = new Map()): Report {
  const { verdict, reasons, api, builds, cells, loose } = merged;
  // Without a shard nothing says of which API.
  const of = api === "" ? "" : ` on API ${api}`;
  const passed = cells.filter((cell) => cell.verdict === "pass").length;
  return {
    title: api === "" ? "merged" : `API ${api}, merged`,
    verdict,
    reasons,
    cases: [
      ...cells.map(
        (one): Case => ({
          path: `${api}/${one.cell}`,
          verdict: one.verdict,
          violations: [...Map.groupBy(one.broken, ({ invariant }) => invariant)].map(([invariant, seen]) =>
            violationOf({ invariant, witnesses: seen.map(({ message }) => message) }),
          ),
          ...(one.reason === null ? {} : { reason: one.reason }),
          story: [],
          ...historyIn(recorded.get(one)),
        }),
      ),
      ...looseCases(api, loose),
    ],
    text: [
      ...cells
        .filter((cell) => cell.verdict !== "pass")
        .slice(0, told)
        .map(({ cell, verdict: own, broken, reason }) =>
          [
            own,
            `${api}/${cell}`,
            ...broken.map(({ invariant, message }) => `${invariant}: ${firstLine(message)}`),
            reason ?? "",
          ]
            .join("  ")
            .trimEnd(),
        ),
      ...reasons.map((reason) => `${verdict}: ${reason}`),
      `${verdict.toUpperCase()}: ${passed} of ${cells.length} cells pass${of}, merged`,
    ].join("\n"),
    data: {
      schema: 1,
      verdict,
      exit: exitOf[verdict],
      api,
      builds,
      reasons,
      cells: cells.map(({ cell, verdict: own, broken }) => ({ cell, verdict: own, broken })),
      loose,
    },
  };
}

/** Cells that are printed; all are in the other formats. */
const told = 40;
const firstLine = (text: string): string => text.split("\n", 1)[0] as string;
