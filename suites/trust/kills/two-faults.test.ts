import { describe, test } from "vitest";
import { expectKilled, mutants } from "../mutant-builds.ts";

describe("killed by its own invariant, with two faults and no fewer", () => {
  // The rarest pair is met after a minute on two cores that have nothing else to do.
  test.each(mutants.filter(({ minimalFaults }) => minimalFaults === 2))(
    "$id: $invariant",
    { timeout: 300_000 },
    expectKilled,
  );
});
