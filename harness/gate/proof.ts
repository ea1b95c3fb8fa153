import type { Part } from "../coverage/parts.ts";
import { type Later, laterIn } from "../evidence/inputs.ts";
import type { Evidence } from "../evidence/read.ts";
import { unattested } from "../evidence/schedule-digest.ts";
import type { RunPredicate } from "../evidence/statement.ts";
import type { HistoryEvent, RunEvent } from "../history/event.ts";
import { canonical } from "../history/hash.ts";
import { jobHistories } from "../history/job-history.ts";
import { type Judgement, judgeHistory } from "../invariants/judge.ts";
import { judgeCells } from "../matrix/result.ts";
import { cellName } from "../matrix/shards.ts";
import type { ServerSettings } from "../oracle/settings.ts";
import { jobPaths } from "../schedule/paths.ts";
import type { Scenario } from "../schedule/scenario.ts";
import type { Verdict } from "../verdict.ts";
import { componentOf, componentsIn, mixedIn } from "./components.ts";
import { type Scheduled, scheduledCell, scheduledOf } from "./scheduled.ts";

/** What one run shows: its history, judged again by the code that runs now. */
export interface Proof
  extends Pick<
    RunPredicate,
    "run" | "rig" | "at" | "attempt" | "shard" | "builds" | "later" | "images" | "inputs" | "releases"
  > {
  folder: string;
  signer: string | null;
  /** How its database was set; null where nobody has seen it. */
  settings: ServerSettings | null;
  /** The releases that it came to on its way. */
  steps: Later;
  cells: readonly ProvenCell[];
  /** What departed from the contract outside of any job. */
  loose: readonly string[];
  /** What a whole matrix has to exercise and this run did not; a part of the matrix lacks the rest of it. */
  lacks: readonly string[];
  /** Whether Interlock's probe put the API to the test in it. */
  isProbed: boolean;
  /** What it adds to a matrix that several runs make up; null where it adds to none, since not all of it could be judged. */
  part: Part | null;
  /** What schedule it is a run of; null for the matrix, and for a system that was open to others. */
  scheduled: Scheduled | null;
  /** Why it shows nothing at all, as a matrix with faults; null otherwise. */
  unfit: string | null;
}

export interface ProvenCell {
  /** `<generation>-<engine>/<scenario>`; of a schedule, with that before it. */
  cell: string;
  verdict: Verdict;
  /** What broke, each with one thing that was seen. */
  broken: readonly { invariant: string; message: string }[];
  /** Why it has no verdict. */
  reason: string | null;
  /** The worker that ended its job, by digest; null where none did. */
  worker: string | null;
  /** What the job is and how it must end, as `scenarioText`. */
  scenario: string;
}

/** Equal for equal scenarios, however they were written, and whatever their secrets were. */
export const scenarioText = (scenario: Scenario, redact: (text: string) => string): string =>
  redact(canonical(scenario));

/** The same, made once for all engines that run it: some scenarios bring tables of a hundred thousand rows. */
export function scenarioTexts(redact: (text: string) => string): (scenario: Scenario) => string {
  const known = new Map<Scenario, string>();
  return (scenario) => {
    const text = known.get(scenario) ?? scenarioText(scenario, redact);
    known.set(scenario, text);
    return text;
  };
}

/** As a history shows a secret. */
const withoutTokens = (text: string): string => text.replaceAll(/\*\*\*\d+(:\w+)?\*\*\*/g, "***");

export function proofOf({ folder, predicate, signer }: Evidence, events: readonly HistoryEvent[]): Proof {
  const { run, rig, at, attempt, shard, builds, images, inputs, releases } = predicate;
  const ran = events[0] as HistoryEvent & RunEvent;
  const { schedule, scenarios, matrix, visit } = ran;
  const { workload } = schedule;
  const paths = jobPaths(schedule);
  const judgement = judgeHistory(events);
  const judged = judgeCells(paths, events, judgement);
  const partial = matrix === undefined || paths.length < matrix.cells;
  const isScheduled = matrix === undefined && visit === undefined;
  const textOf = scenarioTexts(withoutTokens);
  const scheduled = isScheduled ? scheduledOf(ran, events, judgement.unjudged) : null;
  const components = componentsIn(builds, ran);
  return {
    folder,
    run,
    rig,
    at,
    attempt,
    shard,
    builds: components.toSorted((a, b) => (a.component < b.component ? -1 : 1)),
    later: predicate.later.map((build) => ({ ...build, component: componentOf(build, ran) })),
    images,
    inputs,
    releases,
    settings: ran.settings ?? null,
    steps: laterIn(schedule),
    signer,
    cells: judged.cells.map((found, i): ProvenCell => {
      const scenario = scenarios[workload.jobs[i]?.scenario ?? ""];
      return {
        cell: scheduled === null ? cellName(found) : scheduledCell(scheduled, cellName(found)),
        verdict: found.verdict,
        broken: found.violations.flatMap(({ invariant, witnesses }) =>
          witnesses.map((message) => ({ invariant, message })),
        ),
        reason: found.reason ?? null,
        worker: found.witness.finished?.digest ?? null,
        scenario: scenario === undefined ? "" : textOf(scenario),
      };
    }),
    loose: judged.loose,
    lacks: [
      ...(partial ? [`it is a part: ${paths.length} of ${matrix?.cells ?? "?"} cells`] : []),
      ...judged.lacks.map(({ what }) => what),
    ],
    isProbed: workload.probe === true,
    part:
      matrix === undefined || judgement.unjudged > 0
        ? null
        : {
            matrix,
            jobs: new Map(
              jobHistories(events).map((job) => [cellName(paths[job.number - 1] ?? { path: "" }), job]),
            ),
            coverage: judged.coverage,
          },
    scheduled,
    unfit:
      (scheduled === null ? unfitness(ran) : unattested(schedule)) ??
      mixture(components) ??
      unjudgedness(judgement),
  };
}

function mixture(builds: Proof["builds"]): string | null {
  const component = mixedIn(builds);
  return component === null ? null : `it had several builds of ${component} at once`;
}

/** Nobody knows whether what could not be judged was right. */
const unjudgedness = ({ unjudged }: Judgement): string | null =>
  unjudged === 0 ? null : `${unjudged} of its exchanges could not be judged`;

function unfitness({ matrix, visit, schedule: { faults } }: RunEvent): string | null {
  if (matrix === undefined || visit !== undefined) return "it is no run of the matrix";
  return faults.length > 0 ? `it had ${faults.length} faults` : null;
}
