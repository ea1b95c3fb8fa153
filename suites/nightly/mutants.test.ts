import { test } from "vitest";
import { expectFound, mutants } from "../trust/mutant-builds.ts";

/** Each mutant looked for from nothing, so that no smaller number of faults shows it; for every change the kept schedules do. */

test.each(mutants)("$id is killed by $invariant", expectFound);
