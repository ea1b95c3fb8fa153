import { parseDestination } from "../../destination.ts";
import { isUnanswered, type ModelCall } from "../call.ts";
import type { Jobs } from "../jobs.ts";
import { isStream } from "../streams/lives.ts";
import { isMove, keysOf } from "./names.ts";

/** The names under which tables with chunks may come up: those that chunks go to, and all that they may be moved to. */
export function streamedIn(asked: readonly ModelCall[], jobs: Jobs): Set<string> {
  const done = asked.filter((call) => call.status === 200 || isUnanswered(call));
  const sent = done.filter(isStream).flatMap((call) => keysOf(call, jobs));
  const streamed = new Set([...sent, ...done.flatMap(outputKeysOf)]);
  if (streamed.size === 0) return streamed;
  const pairs = done.filter(isMove).map((call) => keysOf(call, jobs));
  for (let size = 0; size < streamed.size; ) {
    size = streamed.size;
    for (const keys of pairs)
      if (keys.some((key) => streamed.has(key))) for (const key of keys) streamed.add(key);
  }
  return streamed;
}

/** The table into which a job's result is streamed by its worker; none where it goes elsewhere. */
function outputKeysOf({ operation, account, request: { result } }: ModelCall): string[] {
  if (operation !== "job.issue" || account === null || typeof result !== "string") return [];
  const read = result.startsWith("td:") ? parseDestination(result) : null;
  if (read?.ok !== true || read.settings.type !== "td") return [];
  return [`${account.name}/${read.settings.database}/${read.settings.table}`];
}
