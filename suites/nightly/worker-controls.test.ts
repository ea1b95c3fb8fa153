import { test } from "vitest";
import { controls, expectGreen } from "../trust/mutant-builds.ts";

/** The controls that are workers; those of the API are tried for every change. */

test.each(controls.filter(({ component }) => component === "worker"))("$id stays green", expectGreen);
