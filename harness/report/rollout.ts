import { violationOf } from "../invariants/judge.ts";
import { printFault, printSite, type Schedule } from "../schedule/schedule.ts";
import { stepsOf } from "../skew/live.ts";
import { lackOf, type Rollout, type WindowRolled } from "../skew/rollout.ts";
import type { RedPlan } from "../skew/run-plans.ts";
import type { Together } from "../skew/together.ts";
import { inWords, releasesInWords } from "../skew/window.ts";
import type { Case, Report } from "./report.ts";

/** What rolling through windows found, with a case a window and kind of plan; `saved` says where red plans are kept. */
export function rolloutReport(rollout: Rollout, saved: readonly string[]): Report {
  const { rig, seed, together, windows, verdict, exit } = rollout;
  const millis = windows.flatMap(({ phases }) => phases).reduce((sum, phase) => sum + phase.millis, 0);
  return {
    title: `rollout on ${rig}`,
    verdict,
    exit,
    reasons: [
      ...togetherCases(together).flatMap(({ path, reason }) =>
        reason === undefined ? [] : [`${path}: ${reason}`],
      ),
      ...windows.flatMap(reasonsOf),
    ],
    millis,
    cases: [...togetherCases(together), ...windows.flatMap(casesOf)],
    text: [
      ...togetherLines(together),
      ...windows.flatMap(linesOf),
      ...saved,
      `${verdict.toUpperCase()}: ${totals(rollout)}, seed ${seed}; ${(millis / 1000).toFixed(1)} s`,
    ].join("\n"),
    data: { verdict, exit, seed, together, windows, saved },
  };
}

/** A case for each combination: allowed, so that every cell passes, or refused at the claim. */
function togetherCases({ allowed, refused }: Together): Case[] {
  return [
    ...allowed.map(({ releases, tally }): Case => {
      const path = `together/${releasesInWords(releases)}`;
      const [first] = tally.found;
      const lack = lackOf(tally);
      if (first === undefined)
        return lack === null
          ? { path, verdict: "pass", violations: [], story: [] }
          : { path, verdict: "missing", violations: [], reason: lack, story: [] };
      const reason = `${tally.found.length} of ${tally.schedules} cells or more are red`;
      return { path, verdict: "violation", violations: first.broken.map(violationOf), reason, story: [] };
    }),
    ...refused.map(({ pair: { api, generation, worker }, problems }): Case => {
      const path = `refused/api ${api}, ${generation} ${worker}`;
      return problems.length === 0
        ? { path, verdict: "pass", violations: [], story: [] }
        : { path, verdict: "violation", violations: [], reason: problems.join("; "), story: [...problems] };
    }),
  ];
}

const togetherLines = (together: Together): string[] => [
  ...togetherCases(together).flatMap(({ path, verdict, reason, violations }) => [
    `${verdict === "pass" ? "✓" : "✕"} ${path.replace("/", ": ")}${reason === undefined ? "" : `: ${reason}`}`,
    ...violations.flatMap(({ invariant, witnesses }) => witnesses.map((one) => `    ${invariant}: ${one}`)),
  ]),
  "",
];

const notPassed = "no allowed order of its steps leads to its end";

function reasonsOf({ window, phases, isPassed }: WindowRolled): string[] {
  const short = isPassed ? [] : [`${inWords(window)}: ${notPassed}`];
  return short.concat(
    phases.flatMap(({ name, red, tally }) => [
      ...(red.length > 0 ? [`${inWords(window)}: ${red.length} of ${tally.schedules} ${name} are red`] : []),
      ...[lackOf(tally, name)].flatMap((lack) =>
        lack === null ? [] : [`${inWords(window)}, ${name}: ${lack}`],
      ),
    ]),
  );
}

const casesOf = (rolled: WindowRolled): Case[] => [
  ...(rolled.isPassed ? [] : [notPassedCase(rolled)]),
  ...phaseCases(rolled),
];

const notPassedCase = ({ window }: WindowRolled): Case => ({
  path: `rollout/${inWords(window)}/whole`,
  verdict: "missing",
  violations: [],
  reason: notPassed,
  story: [],
});

const phaseCases = ({ window, phases }: WindowRolled): Case[] =>
  phases.map(({ name, red, tally, millis }): Case => {
    const path = `rollout/${inWords(window)}/${name}`;
    const [first] = red;
    if (first !== undefined)
      return {
        path,
        verdict: "violation",
        violations: first.broken.map(violationOf),
        reason: `${red.length} of ${tally.schedules} plans are red`,
        story: treeOf(first.plan),
        millis,
      };
    const lack = lackOf(tally, name);
    return lack === null
      ? { path, verdict: "pass", violations: [], story: [], millis }
      : { path, verdict: "missing", violations: [], reason: lack, story: [], millis };
  });

function linesOf({ window, phases, isPassed, refused }: WindowRolled): string[] {
  return [
    inWords(window),
    ...(isPassed ? [] : [`  ? ${notPassed}`]),
    ...phases.map(({ name, tally, red }) => {
      const invalid = tally.invalid === 0 ? "" : `, ${tally.invalid} in which a fault found nothing to break`;
      const lack = lackOf(tally, name);
      const mark = red.length > 0 ? "✕" : lack === null ? "✓" : "?";
      return `  ${mark} ${tally.schedules} ${name}: ${red.length} red${invalid}${lack === null ? "" : `; ${lack}`}`;
    }),
    ...(refused === 0
      ? []
      : [`  ${refused} short plans are not run: the policy does not allow where they lead`]),
    ...phases
      .flatMap(({ red }) => red.slice(0, 1))
      .slice(0, 1)
      .flatMap(redLines),
    "",
  ];
}

const redLines = ({ plan, broken }: RedPlan): string[] => [
  ...treeOf(plan).map((line) => `    ${line}`),
  ...broken.flatMap(({ invariant, job, witnesses }) =>
    witnesses.map((witness) => `    ${invariant}, job ${job}: ${witness}`),
  ),
];

const totals = ({ together, windows }: Rollout): string => {
  const apart = togetherCases(together).filter(({ verdict }) => verdict === "violation").length;
  const phases = windows.flatMap((one) => one.phases);
  const plans = phases.reduce((sum, { tally }) => sum + tally.schedules, 0);
  const red = phases.reduce((sum, one) => sum + one.red.length, 0);
  return `${plans} plans through ${windows.length} ${windows.length === 1 ? "window" : "windows"}, ${red} red${apart === 0 ? "" : `, and ${apart} of the releases together`}`;
};

/** A plan as a tree: where it begins, its steps in their order, and what else goes wrong. */
export function treeOf(plan: Schedule): string[] {
  const { releases, workload, faults } = plan;
  const steps = new Set(stepsOf(plan).map(({ fault }) => fault));
  const begins = [
    `api ${[releases.api, ...(releases.beside ?? [])].join(", ")}`,
    ...Object.entries(releases.workers).map(([generation, release]) => `${generation} ${release}`),
  ];
  const lines = faults.map(({ at, fault }) => {
    const kind = steps.has(fault as never) ? "step" : "fault";
    return `${kind}: ${printFault(fault)}, ${printSite(at)}`;
  });
  return [
    `${begins.join("; ")}; ${workload.jobs.length} jobs, ${workload.atOnce ?? "all"} at once`,
    ...lines.map((line, i) => `${i === lines.length - 1 ? "└" : "├"} ${i + 1}. ${line}`),
  ];
}
