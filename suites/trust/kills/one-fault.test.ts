import { describe, test } from "vitest";
import { expectKilled, mutants } from "../mutant-builds.ts";

describe("killed by its own invariant, with a single fault and none without", () => {
  test.each(mutants.filter(({ minimalFaults }) => minimalFaults === 1))(
    "$id: $invariant",
    { timeout: 300_000 },
    expectKilled,
  );
});
