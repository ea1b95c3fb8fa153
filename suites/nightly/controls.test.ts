import { test } from "vitest";
import { controls, expectGreen } from "../trust/mutant-builds.ts";

/** Controls under every single fault and a sample of pairs; without a fault a quarter of them is tried for every change. */

test.each(controls)("$id stays green", expectGreen);
