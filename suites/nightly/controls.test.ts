import { test } from "vitest";
import { controls, expectGreen } from "../trust/mutant-builds.ts";

/** Controls under every single fault and a sample of pairs; a change tries a quarter of them without a fault. */

test.each(controls)("$id stays green", expectGreen);
