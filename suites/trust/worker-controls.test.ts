import { test } from "vitest";
import { controls, expectGreen } from "./mutant-builds.ts";

/** The controls that are workers: a file of their own, to be tried beside the others. */

test.each(controls.filter(({ component }) => component === "worker"))("$id stays green", expectGreen);
