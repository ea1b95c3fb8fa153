import type { Freedom } from "./freedom.ts";

/** What the model does not say exactly of named result targets. */
export const targetFreedoms: readonly Freedom[] = [
  {
    operations: ["result.create"],
    side: "request",
    field: "url",
    how: "free",
    reason: "the customer's own word: it is listed as it was said, with its credentials hidden",
  },
  {
    operations: ["result.delete"],
    side: "request",
    field: "url",
    how: "free",
    reason: "npm td says it once more, and it means nothing",
  },
];
