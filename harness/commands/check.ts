import { Command } from "commander";
import { judgeHistory } from "../invariants/judge.ts";
import { exitCode } from "../errors.ts";
import type { HistoryEvent } from "../history/event.ts";
import { readHistory } from "../history/read.ts";
import { printBroken } from "../replay/replay.ts";
import { historyStory } from "../history/story.ts";
import { printFault, printSite } from "../schedule/schedule.ts";
import { readInput } from "./input.ts";

export const checkCommand = new Command("check")
  .description("judge the history of a schedule again: exit 1 when an invariant is broken")
  .argument("<file>", "history of any rig, as JSON lines")
  .option("--json", "print one JSON object instead of text")
  .action(async (file: string, flags: { json?: boolean }) => {
    const events = readHistory(await readInput(file), file);
    const { broken, triggered } = judgeHistory(events);
    const unfired = unfiredIn(events);
    const exit = unfired.length > 0 ? exitCode.missing : broken.length > 0 ? exitCode.violation : exitCode.go;
    const lines = [
      ...(unfired.length > 0 ? ["invalid: the run proves nothing, these faults did not fire:"] : []),
      ...unfired,
      ...(broken.length > 0 ? historyStory(events) : []),
      ...broken.map(printBroken),
      `${events.length} events, ${broken.length} broken; put to the test with a fault at work: ${triggered.join(", ") || "nothing"}`,
    ];
    process.stdout.write(
      `${flags.json ? JSON.stringify({ file, exit, broken, triggered, unfired }) : lines.join("\n")}\n`,
    );
    process.exitCode = exit;
  });

/** Faults of the schedule that the history knows nothing of, in words. */
function unfiredIn(events: readonly HistoryEvent[]): string[] {
  const fired = new Set(events.flatMap((event) => (event.kind === "fault" ? [event.index] : [])));
  const faults = events.flatMap((event) => (event.kind === "run" ? (event.schedule?.faults ?? []) : []));
  return faults.flatMap(({ at, fault }, i) =>
    fired.has(i) ? [] : [`${printSite(at)}: ${printFault(fault)}`],
  );
}
