import { compareRows } from "./rows.ts";
import type { Invariant } from "./invariant.ts";

export const atMostOneEffect: Invariant = {
  id: "I2",
  name: "at most one effect",
  definition: "However often a job is tried, what it does to the warehouse is done at most once.",
  applies: ({ final }) => (final.rows?.length ?? 0) > 0,
  witnesses: ({ final }) => {
    const duplicated = compareRows(final.expected, final.rows ?? [])?.duplicated ?? 0;
    return duplicated === 0
      ? []
      : [`the table holds ${final.rows?.length} rows where the statement yields ${final.expected.length}`];
  },
};
