import { describe, expect, test } from "vitest";
import { type Checks, examine, type Health } from "../check.ts";

/** What differs from good facts, what its check then says, and words of it. */
export type Ill<F> = readonly [change: Partial<F>, health: Health, words: string];
/** The compiler asks for every check of a table. */
export type Ills<F, C> = { readonly [Name in keyof C]: readonly Ill<F>[] };

/** Tries a table of checks: good facts first, then each ill. */
export function tried<F extends object, C extends Checks<F>>(
  about: string,
  checks: C,
  good: F,
  ills: Ills<F, C>,
): void {
  describe(about, () => {
    test("finds nothing where all is well", () => {
      expect(examine<F>(checks, good, "").filter(({ health }) => health !== "ok")).toEqual([]);
    });

    const cases = Object.entries(ills as Readonly<Record<string, readonly Ill<F>[]>>).flatMap(([name, all]) =>
      all.map(([change, health, words]) => ({ name, change, health, words })),
    );
    test.each(cases)("$name says $health of $change", ({ name, change, health, words }) => {
      const found = examine<F>(checks, { ...good, ...change }, "").find((one) => one.name === name);
      expect(found).toMatchObject({ health, found: expect.stringContaining(words) });
      // What is not as it should be says what to do.
      expect(found?.next === "").toBe(health === "unknown");
    });

    test("says of nothing that is not known that it is well", () => {
      const all = examine<F>(checks, null, "nobody looked");
      expect(new Set(all.map(({ health }) => health))).toEqual(new Set(["unknown"]));
    });
  });
}
