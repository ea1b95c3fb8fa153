import type { Millis } from "../contracts/values.ts";

/** Milliseconds since the epoch by the clock that this process began with: who sets it meanwhile moves no moment of a run. */
export const now = (): Millis => performance.timeOrigin + performance.now();
