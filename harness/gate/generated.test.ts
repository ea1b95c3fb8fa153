import fc from "fast-check";
import { expect, test } from "vitest";
import { decide } from "./decide.ts";
import type { Proof, ProvenCell } from "./proof.ts";
import {
  buildOf,
  candidate,
  cellOf,
  cells,
  hourMs,
  i4,
  live,
  now,
  proofWith,
  questionWith,
} from "./testing/question.ts";

/** Some seconds on a calm machine. */
const timeout = 120_000;

test(
  "100,000 generated questions: GO is what a plain second reading calls GO",
  () => {
    const cell = fc.record({
      cell: fc.constantFrom(...cells),
      verdict: fc.constantFrom("pass", "pass", "pass", "violation", "missing", "infrastructure" as const),
      scenario: fc.boolean(),
    });
    const proof = fc.record({
      api: fc.constantFrom("a2", "a2", "a1"),
      at: fc.constantFrom(-2, -2, -200, 3),
      harness: fc.constantFrom("harness", "harness", "other"),
      lacks: fc.boolean(),
      loose: fc.constantFrom(false, false, true),
      cells: fc.oneof(fc.constant(null), fc.array(cell, { maxLength: 6 })),
    });
    let go = 0;
    fc.assert(
      fc.property(fc.array(proof, { maxLength: 4 }), (given) => {
        const proofs = given
          .map((one, i) =>
            proofWith([buildOf("api", one.api, one.api === "a2" ? "next" : "current"), ...live.slice(1)], {
              folder: `runs/${i}`,
              at: now + one.at * hourMs,
              lacks: one.lacks ? ["something"] : [],
              loose: one.loose ? ["a list"] : [],
              ...(one.cells === null
                ? {}
                : {
                    cells: one.cells.map((found) =>
                      cellOf(found.cell, {
                        verdict: found.verdict,
                        broken: found.verdict === "violation" ? i4 : [],
                        reason: found.verdict,
                        ...(found.scenario ? {} : { scenario: "other" }),
                      }),
                    ),
                  }),
            }),
          )
          .map((one, i) => ({ ...one, inputs: { ...one.inputs, harness: given[i]?.harness ?? "" } }));
        const decision = decide(questionWith({ proofs }));
        const isGo = isGoPlainly(proofs);
        if (isGo) go += 1;
        expect(decision.decision).toBe(isGo ? "GO" : "NO-GO");
        expect(decision.exit === 0).toBe(isGo);
      }),
      { numRuns: 100_000 },
    );
    // Else it would be green for nothing.
    expect(go).toBeGreaterThan(1000);
  },
  timeout,
);

/** The rule once more, for these questions alone. */
function isGoPlainly(proofs: readonly Proof[]): boolean {
  const mine = proofs.filter(({ builds }) => builds[0]?.digest === candidate.digest);
  const counts = ({ at: when, inputs }: Proof) => inputs.harness === "harness" && when === now - 2 * hourMs;
  const others = proofs.filter((one) => !mine.includes(one) && counts(one));
  const troubled = (all: readonly Proof[], cell: string) =>
    all.some(({ cells: found }) =>
      found.some((one) => one.cell === cell && one.verdict === "infrastructure"),
    );
  if (
    mine.some(
      ({ loose, cells: found }) => loose.length > 0 || found.some(({ verdict }) => verdict === "violation"),
    )
  )
    return false;
  if (cells.some((cell) => troubled(mine, cell) && !troubled(others, cell))) return false;
  const good = mine.filter(counts);
  const of = (one: Proof, cell: string) => one.cells.filter((each) => each.cell === cell);
  const isShown = (cell: string) =>
    good.some((one) => {
      const found = of(one, cell);
      const isGood = ({ verdict, scenario }: ProvenCell) =>
        verdict === "pass" && scenario === `scenario ${cell}`;
      return found.length > 0 && found.every(isGood);
    });
  const isWhole = (one: Proof) =>
    one.lacks.length === 0 &&
    cells.every((cell) => of(one, cell).some(({ scenario }) => scenario === `scenario ${cell}`));
  return cells.every(isShown) && good.some(isWhole);
}
