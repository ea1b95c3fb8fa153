import { exitCode } from "../errors.ts";
import type { HistoryEvent } from "../history/event.ts";
import { readHistory } from "../history/read.ts";
import { historyStory } from "../history/story.ts";
import { type Judgement, judgeHistory } from "../invariants/judge.ts";
import { printBroken } from "../replay/replay.ts";
import { printFault, printSite } from "../schedule/schedule.ts";
import { writeResult } from "./output.ts";

/** Judges a recorded history again, whatever rig it is from. */
export async function action([file = ""]: string[], flags: { json?: boolean }): Promise<void> {
  const events = await readHistory(file);
  const judgement = judgeHistory(events);
  const unfired = unfiredIn(events);
  const exit = exitOf(judgement, unfired);
  const text = flags.json
    ? JSON.stringify({ file, exit, ...judgement, unfired })
    : lines(events, judgement, unfired).join("\n");
  process.exitCode = exit;
  await writeResult(`${text}\n`);
}

/** A run whose faults did not all fire proves nothing, whatever else is in it. */
function exitOf({ broken, loose }: Judgement, unfired: readonly string[]): number {
  if (unfired.length > 0) return exitCode.missing;
  return broken.length + loose.length > 0 ? exitCode.violation : exitCode.go;
}

function lines(
  events: readonly HistoryEvent[],
  { broken, loose, triggered }: Judgement,
  unfired: readonly string[],
): string[] {
  const tested = Object.entries(triggered).flatMap(([id, { jobs }]) => (jobs > 0 ? [id] : []));
  return [
    ...(unfired.length > 0 ? ["invalid: the run proves nothing, these faults did not fire:"] : []),
    ...unfired,
    ...(broken.length > 0 ? historyStory(events) : []),
    ...broken.map(printBroken),
    ...loose,
    `${events.length} events, ${broken.length + loose.length} broken; put to the test: ${tested.join(", ") || "nothing"}`,
  ];
}

/** Faults of the schedule that the history knows nothing of, in words. */
function unfiredIn(events: readonly HistoryEvent[]): string[] {
  const fired = new Set(events.flatMap((event) => (event.kind === "fault" ? [event.index] : [])));
  const faults = events.flatMap((event) => (event.kind === "run" ? (event.schedule?.faults ?? []) : []));
  return faults.flatMap(({ at, fault }, i) =>
    fired.has(i) ? [] : [`${printSite(at)}: ${printFault(fault)}`],
  );
}
