import type { Freedom } from "./freedom.ts";

/** What the model does not say exactly of the settings of tables. */
export const settingsFreedoms: readonly Freedom[] = (["expire_days", "include_v"] as const).map((field) => ({
  operations: ["table.show", "table.list"],
  side: "reply",
  field,
  how: "consistent",
  reason: "it is what the customer has said last, no days also as 0; before that it is the service's own",
}));
