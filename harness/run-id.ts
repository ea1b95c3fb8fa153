import { randomBytes } from "node:crypto";

/** Names a run and its folder. It sorts by time, and two runs that start in the same second differ. */
export const newRunId = (at: Date): string =>
  `${at.toISOString().slice(0, 19).replaceAll(":", "").replace("T", "-")}-${randomBytes(2).toString("hex")}`;
