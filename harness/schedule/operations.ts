import { operations } from "../../contracts/operations.ts";
import type { LinkName } from "./schedule.ts";

const byAudience = (...audiences: string[]): string[] =>
  Object.values(operations)
    .filter(({ audience }) => audiences.includes(audience))
    .map(({ id }) => id);

/** What is called on each link: the names that a site may have. */
export const operationsOf: Record<LinkName, readonly string[]> = {
  "customer->api": byAudience("public", "customer"),
  "worker->api": byAudience("public", "worker"),
  // A transaction bears the name of the operation that needs it; these two come before any operation.
  "api->database": [...Object.keys(operations), "accounts", "authenticate"],
  "worker->warehouse": [
    "select",
    "insertInto",
    "stageTable",
    "publishTable",
    "dropStage",
    "abandon",
    "saveResult",
  ],
  "worker->destination": ["deliver"],
  "worker->disk": ["put", "list", "remove"],
};
