import type { Millis } from "../../contracts/values.ts";

/** Waits of a customer between two tries or two looks: short at first, then as patient as a scheduler that polls. */
export const firstWaitMs: Millis = 500;
export const longestWaitMs: Millis = 30_000;
