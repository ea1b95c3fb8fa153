import { isUnanswered, type ModelCall } from "../call.ts";
import type { Jobs } from "../jobs.ts";
import { isStream } from "../streams/lives.ts";
import { outputIn } from "../streams/outputs.ts";
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

function outputKeysOf(call: ModelCall): string[] {
  const output = call.account === null ? null : outputIn(call);
  return output === null ? [] : [`${call.account?.name}/${output.database}/${output.table}`];
}
