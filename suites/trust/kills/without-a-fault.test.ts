import { describe, test } from "vitest";
import { expectKilled, mutants } from "../mutant-builds.ts";

describe("killed by its own invariant, with no fault at all", () => {
  test.each(mutants.filter(({ minimalFaults }) => minimalFaults === 0))(
    "$id: $invariant",
    { timeout: 300_000 },
    expectKilled,
  );
});
