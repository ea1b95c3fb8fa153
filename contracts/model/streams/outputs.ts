import { parseDestination } from "../../destination.ts";
import type { OperationId } from "../../operations.ts";
import type { ModelCall } from "../call.ts";

const delivering: readonly OperationId[] = ["job.issue", "job.result_export"];

/** The table of the service into which a job's result is streamed by its worker, past every call; null where it goes elsewhere. */
export function outputIn({
  operation,
  request: { result },
}: ModelCall): { database: string; table: string } | null {
  if (!delivering.includes(operation) || typeof result !== "string" || !result.startsWith("td:")) return null;
  const read = parseDestination(result);
  return read.ok && read.settings.type === "td" ? read.settings : null;
}
