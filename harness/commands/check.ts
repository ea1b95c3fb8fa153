import type { HistoryEvent } from "../history/event.ts";
import { readHistory } from "../history/read.ts";
import { judgeHistory } from "../invariants/judge.ts";
import { checkReport } from "../report/check.ts";
import { printFault, printSite } from "../schedule/schedule.ts";
import { type ReportFlags, writeReports } from "./shared/reports.ts";

/** Judges a recorded history again, whatever rig it is from. */
export async function action([file = ""]: string[], flags: ReportFlags): Promise<void> {
  // A history holds tokens in the place of secrets.
  const redact = (text: string) => text;
  await writeReports({ flags, file, title: `check ${file}`, redact }, async () => {
    const events = await readHistory(file);
    return checkReport({ file, events, judgement: judgeHistory(events), unfired: unfiredIn(events) });
  });
}

/** Faults of the schedule that do not stand in the history, in words. */
function unfiredIn(events: readonly HistoryEvent[]): string[] {
  const fired = new Set(events.flatMap((event) => (event.kind === "fault" ? [event.index] : [])));
  const faults = events.flatMap((event) => (event.kind === "run" ? event.schedule.faults : []));
  return faults.flatMap(({ at, fault }, i) =>
    fired.has(i) ? [] : [`${printSite(at)}: ${printFault(fault)}`],
  );
}
