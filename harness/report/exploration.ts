import { exitCode } from "../errors.ts";
import { type Exploration, violationsOf } from "../explore/explore.ts";
import { links, printSchedule } from "../schedule/schedule.ts";

/** How many counterexamples are shown in full. */
const shown = 3;

const words: Record<number, string> = { [exitCode.go]: "PASS", [exitCode.missing]: "MISSING" };

/** An exploration as text: coverage by link and kind of fault, how often each invariant was tested, and what broke. */
export function explorationReport(
  { tally, phases, untested, exit, seed, rig, releases }: Exploration,
  saved: readonly string[],
): string {
  const total = phases.reduce((sum, { millis }) => sum + millis, 0);
  const kinds = [...new Set(Object.keys(tally.fired).map((key) => key.split(" ")[2] as string))].sort();
  const firedAt = (link: string, kind: string) =>
    (["before", "after"] as const).reduce(
      (sum, phase) => sum + (tally.fired[`${link} ${phase} ${kind}`] ?? 0),
      0,
    );
  const rows = links.map((link) =>
    [link.padEnd(20), ...kinds.map((kind) => String(firedAt(link, kind) || "-").padStart(11))].join(""),
  );
  return [
    `${"faults fired".padEnd(20)}${kinds.map((kind) => kind.padStart(11)).join("")}`,
    ...rows,
    "",
    `tested under faults: ${Object.entries(tally.triggered)
      .map(([id, n]) => `${id} ${n}`)
      .join(", ")}`,
    ...(untested.length > 0 ? [`NOT tested by any schedule: ${untested.join(", ")}`] : []),
    "",
    ...tally.found
      .slice(0, shown)
      .flatMap(({ schedule, broken }) => [
        ...printSchedule(schedule).map((line, i) => (i === 0 ? `✕ ${line}` : `    ${line}`)),
        ...broken.flatMap(({ invariant, job, witnesses }) =>
          witnesses.map((witness) => `  ${invariant}, job ${job}: ${witness}`),
        ),
      ]),
    ...saved,
    `${words[exit] ?? "VIOLATION"}: ${tally.schedules} schedules on ${rig}, API ${releases.api}, seed ${seed}: ${violationsOf(tally)}; ${(total / 1000).toFixed(1)} s`,
  ].join("\n");
}
