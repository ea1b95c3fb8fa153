import { type Exploration, violationsOf } from "../explore/explore.ts";
import { invariants } from "../invariants/index.ts";
import { violationOf } from "../invariants/judge.ts";
import type { Run } from "../rigs/run.ts";
import { links } from "../schedule/schedule.ts";
import type { Case, Report } from "./report.ts";
import { printSchedule } from "./schedule.ts";

/** How many counterexamples are shown in full. */
const shown = 3;

/** A finding, and the smallest schedule that breaks the same. */
export interface Smallest {
  invariant: string;
  found: Run;
  smallest: Run;
  /** How small it is, in words. */
  form: string;
  /** The command that runs the smallest again. */
  repeat: string;
}

/**
 * What an exploration found, with a case an invariant; `saved` says where its counterexamples are kept, and `shown` what
 * was recorded of one.
 */
export function explorationReport(
  exploration: Exploration,
  saved: readonly string[],
  shown: Smallest | null = null,
): Report {
  const { rig, releases, verdict } = exploration;
  return {
    title: `explore on ${rig}, API ${releases.api}`,
    verdict,
    reasons: reasonsOf(exploration),
    millis: millisOf(exploration),
    cases: invariants.flatMap(({ id }) =>
      caseOf(id, exploration).map((one) => ({ ...one, ...(id === shown?.invariant && recordOf(shown)) })),
    ),
    text: explorationText(exploration, saved),
    data: { ...exploration, counterexamples: saved },
  };
}

function reasonsOf({ verdict, tally, isWhole, untested }: Exploration): string[] {
  if (verdict === "pass") return [];
  return [
    ...(tally.found.length > 0 ? [violationsOf(tally)] : []),
    ...(isWhole && untested.length > 0 ? [`not tested by any schedule: ${untested.join(", ")}`] : []),
    ...(tally.starved > 0
      ? [`${tally.starved} schedules were not done in time on a starved machine: run them when it is idle`]
      : []),
    ...vainReasons(tally),
  ];
}

function vainReasons({ schedules, invalid, fired }: Exploration["tally"]): string[] {
  if (schedules === invalid) return ["no schedule proves anything: of each a fault did not fire"];
  return Object.keys(fired).length === 0 ? ["nothing was explored: no fault fired"] : [];
}

/** An invariant that a part of the workloads does not put to the test is no case of theirs. */
function caseOf(id: string, { rig, releases, tally, isWhole, untested }: Exploration): Case[] {
  const path = `${releases.api}/${rig}/${id}`;
  const times = tally.broken[id] ?? 0;
  if (times === 0 && untested.includes(id))
    return isWhole
      ? [{ path, verdict: "missing", violations: [], reason: "not tested by any schedule", story: [] }]
      : [];
  if (times === 0) return [{ path, verdict: "pass", violations: [], story: [] }];
  const examples = tally.found.flatMap(({ schedule, broken }) =>
    broken.flatMap((one) => (one.invariant === id ? [{ schedule, violation: violationOf(one) }] : [])),
  );
  return [
    {
      path,
      verdict: "violation",
      violations: examples.slice(0, 1).map(({ violation }) => violation),
      reason: `broken by ${times} of ${tally.schedules} schedules`,
      story: [
        `broken by ${times} of ${tally.schedules} schedules, such as`,
        ...examples.slice(0, 1).flatMap(({ schedule }) => printSchedule(schedule)),
      ],
    },
  ];
}

/** The whole history beside that of the smallest counterexample. */
const recordOf = ({ found, smallest, form, repeat }: Smallest): Pick<Case, "histories" | "repeat"> => ({
  repeat,
  histories: [
    { title: ["as found:", ...printSchedule(found.schedule)].join("\n"), run: found },
    { title: [`${form}:`, ...printSchedule(smallest.schedule)].join("\n"), run: smallest },
  ].map(({ title, run: { events } }) => ({ title, events, about: "everything" as const })),
});

const millisOf = ({ phases }: Exploration): number => phases.reduce((sum, { millis }) => sum + millis, 0);

/** As text: coverage by link and kind of fault, how often each invariant was tested, what broke, and what was left out. */
function explorationText(exploration: Exploration, saved: readonly string[]): string {
  const { tally, untested, leftOut, verdict, seed, rig, releases } = exploration;
  const why = verdict === "violation" || verdict === "pass" ? "" : ` (${reasonsOf(exploration).join("; ")})`;
  const seconds = (millisOf(exploration) / 1000).toFixed(1);
  return [
    ...coverageLines(exploration),
    "",
    `tested under faults: ${Object.entries(tally.triggered)
      .map(([id, n]) => `${id} ${n}`)
      .join(", ")}`,
    ...(untested.length > 0 ? [`NOT tested by any schedule: ${untested.join(", ")}`] : []),
    ...leftOut.map((line) => `left out: ${line}`),
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
    `${verdict.toUpperCase()}${why}: ${tally.schedules} schedules on ${rig}, API ${releases.api}, seed ${seed}: ${violationsOf(tally)}; ${seconds} s`,
  ].join("\n");
}

/** How often which kind of fault fired on which link. */
function coverageLines({ tally }: Exploration): string[] {
  const kinds = [...new Set(Object.keys(tally.fired).map((key) => key.split(" ")[2] as string))].sort();
  const firedAt = (link: string, kind: string) =>
    (["before", "after"] as const).reduce(
      (sum, phase) => sum + (tally.fired[`${link} ${phase} ${kind}`] ?? 0),
      0,
    );
  return [
    `${"faults fired".padEnd(20)}${kinds.map((kind) => kind.padStart(11)).join("")}`,
    ...links.map((link) =>
      [link.padEnd(20), ...kinds.map((kind) => String(firedAt(link, kind) || "-").padStart(11))].join(""),
    ),
  ];
}
