import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseRunnable } from "../../../harness/replay/counterexample.ts";
import type { Schedule } from "../../../harness/schedule/schedule.ts";

/**
 * The schedules by which mutants were last killed, tried before all others: to meet the telling one anew takes minutes.
 * Each can be run by hand: `script/interlock replay suites/trust/kills/kept/ID.json --rig simulated`.
 */
const folder = join(import.meta.dirname, "kept");
const fileOf = (id: string): string => join(folder, `${id}.json`);

export const keptIds = (): string[] => readdirSync(folder).map((file) => basename(file, ".json"));

/** null for a mutant whose kill is not kept yet. */
export function keptSchedule(id: string): Schedule | null {
  let text: string;
  try {
    text = readFileSync(fileOf(id), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  return parseRunnable(text, fileOf(id)).schedule;
}

export const keepSchedule = (id: string, schedule: Schedule): Promise<void> =>
  writeFile(fileOf(id), `${JSON.stringify(schedule, null, 2)}\n`);
