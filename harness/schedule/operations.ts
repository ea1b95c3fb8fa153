import { operations } from "../../contracts/operations.ts";
import { stepOf } from "../../contracts/steps.ts";
import type { LinkName, Site } from "./site.ts";

const byAudience = (...audiences: string[]): string[] =>
  Object.values(operations)
    .filter(({ audience }) => audiences.includes(audience))
    .map(({ id }) => id);

/** What is called on each link: the names that a site may have. */
export const operationsOf: Record<LinkName, readonly string[]> = {
  "customer->api": byAudience("public", "customer"),
  // Who logs in is a customer.
  "worker->api": byAudience("public", "worker").filter((id) => !id.startsWith("user.")),
  // A transaction bears the name of the operation that needs it; two come before any operation, three are of none.
  "api->database": [
    ...Object.keys(operations),
    "accounts",
    "authenticate",
    "importer",
    "scheduler",
    "notices",
  ],
  "worker->warehouse": [
    "select",
    "insertInto",
    "deleteFrom",
    "loadResult",
    "stageTable",
    "publishTable",
    "dropStages",
    "abandon",
    "saveResult",
  ],
  "worker->destination": ["deliver"],
  "worker->disk": ["put", "list", "remove"],
  "api->notices": ["notify"],
};

/**
 * Whether a site surely comes before the customer knows of a job: at the first request to issue one, and at the first
 * request for work, with which every run begins.
 */
export function cannotBeKnownYet({ operation, job, occurrence, by }: Site): boolean {
  if (occurrence > 1) return false;
  const step = stepOf(operation);
  return step === "issue" || (step === "grant" && job === null && by === undefined);
}
