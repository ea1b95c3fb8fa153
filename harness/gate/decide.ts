import type { Millis } from "../../contracts/values.ts";
import { exitCode, UsageError } from "../errors.ts";
import { canonical } from "../history/hash.ts";
import { sha256 } from "../secrets.ts";
import { exitOf, worstOf } from "../verdict.ts";
import { deployedProblems, validUntil, whyNot } from "./counts.ts";
import { KnownFailures } from "./known.ts";
import { type Overridden, overrideOf } from "./override.ts";
import type { Proof } from "./proof.ts";
import {
  type Finding,
  hasRun,
  isOf,
  isSame,
  type Next,
  nameOf,
  type Pair,
  type Question,
} from "./question.ts";
import { cellsOf, liveBuilds, pairsOf } from "./required.ts";
import { coverageLacks } from "./together.ts";
import { isAmong, unexplained, type Veto, vetoes } from "./vetoes.ts";

export interface Decision {
  decision: "GO" | "NO-GO" | "NO-GO-OVERRIDDEN";
  exit: number;
  findings: readonly Finding[];
  /** What was required, and how much of it was shown. */
  required: number;
  shown: number;
  pairs: readonly string[];
  /** Those of them of which all was shown, and against which nothing speaks. */
  green: readonly string[];
  /** The runs that it rests on. */
  counted: readonly string[];
  known: readonly string[];
  override: Overridden;
  /** Milliseconds since the epoch; null where it is not GO. */
  validUntil: Millis | null;
}

/** GO is what is left when nothing speaks against it and all that is required was shown. A pure function. */
export function decide(question: Question): Decision {
  const { overrides, now, known: all } = question;
  const known = new KnownFailures(all, now);
  const pairs = pairsOf(question);
  const against = vetoes(question, known);
  const live = liveBuilds(question);
  const counting = question.proofs.filter(
    (proof) => isAmong(proof, live) && whyNot(proof, question) === null,
  );
  const items = pairs.flatMap((pair) => itemsOf(pair, question));
  if (items.length > mostItems)
    throw new UsageError(
      `gate: ${pairs.length} pairs need ${items.length} things; ${mostItems} can be asked for`,
    );
  const proven = items.map((item) => ({ item, by: shownBy(counting, item, question, known) }));
  const unshown = proven.filter(({ by }) => by.length === 0).map(({ item }) => item);
  const open = unshown.filter((item) => !isVetoed(item, against)).map((item) => missing(item, question));
  const counted = [...new Set(proven.flatMap(({ by }) => by))];
  const findings = [
    ...problemsOf(question),
    ...against.map(({ finding }) => finding),
    ...open,
    ...known.problems.map((what) =>
      aboutQuestion(what, "take the entry out, or give it a new date with its owner"),
    ),
    ...(items.length === 0
      ? [aboutQuestion("nothing is required: nothing would be shown", "see what is listed as live")]
      : []),
  ];
  const override = overrideOf(overrides, namesOf(question), now);
  const isGo = findings.length === 0;
  const isOverridden = !isGo && override !== null && "by" in override;
  return {
    decision: isGo ? "GO" : isOverridden ? "NO-GO-OVERRIDDEN" : "NO-GO",
    exit: isOverridden ? exitCode.overridden : exitOf[worstOf(findings.map(({ verdict }) => verdict))],
    findings,
    required: items.length,
    shown: items.length - unshown.length,
    pairs: pairs.map(nameOf),
    green: pairs
      .filter(
        (pair) =>
          !unshown.some((item) => item.pair === pair) && !against.some(({ proof }) => isOf(proof, pair)),
      )
      .map(nameOf),
    counted: counted.map(({ folder }) => folder),
    known: known.told,
    override,
    validUntil: isGo ? validUntil(counted, known.until, question) : null,
  };
}

const mostItems = 100_000;

/** The builds of the candidate that are not live yet, by all names that runs have shown for them. */
const namesOf = ({ candidate, deployed, proofs }: Question): string[][] =>
  candidate
    .filter((build) => !deployed.builds.some((live) => isSame(live, build)))
    .map((build) => {
      const seen = proofs.flatMap((proof) => (hasRun(proof, build) ? proof.builds : []));
      const own = seen.filter(({ component }) => component === build.component);
      return [build, ...own].flatMap(({ digest, image }) => [digest ?? [], image ?? []].flat());
    });

const aboutQuestion = (what: string, todo: string): Finding => ({
  verdict: "missing",
  pair: null,
  cell: null,
  what,
  next: { do: todo },
});

const problemsOf = (question: Question): Finding[] => [
  ...deployedProblems(question).map((what) => aboutQuestion(what, "list what is live as it is now")),
  ...question.damaged.map(({ folder, damage }) =>
    aboutQuestion(
      `${folder}: the evidence is damaged: ${damage}`,
      "find out who changed it, then move it away and run again",
    ),
  ),
];

/** Something that has to be shown of a pair: one cell, or everything that only a whole matrix shows. */
interface Item {
  pair: Pair;
  cell: string | null;
}

const itemsOf = (pair: Pair, question: Question): Item[] => {
  const worker = question.plan.workers.find(({ component }) => component === pair.worker.component);
  if (worker === undefined) return [];
  return [{ pair, cell: null }, ...cellsOf(question, worker).map((cell) => ({ pair, cell }))];
};

/** The runs that show an item: one for a cell, and for a whole matrix as many as make one up; none where they do not. */
function shownBy(
  counting: readonly Proof[],
  { pair, cell }: Item,
  question: Question,
  known: KnownFailures,
): readonly Proof[] {
  const here = counting.filter((proof) => isOf(proof, pair));
  if (cell !== null) {
    if (whyNotAsked(cell, question) !== null) return [];
    const one = here.find((proof) => showsCell(proof, cell, pair, question.plan.scenarios, known));
    return one === undefined ? [] : [one];
  }
  const { plan } = question;
  const { probe } = question.deployed.policy;
  const clean = here.filter(({ loose }) => loose.every((line) => known.has("loose", "C", line)));
  const groups = Map.groupBy(clean, ({ builds, images: { mysql } }) => canonical([builds, mysql]));
  const candidates = [
    ...clean.map((proof) => [proof]),
    ...[...groups.values()].map((runs) => partsIn(runs, plan)),
  ];
  const isProbed = (runs: readonly Proof[]) => !probe || runs.some((run) => run.isProbed);
  return candidates.find((runs) => isProbed(runs) && wholeLacks(runs, plan).length === 0) ?? [];
}

/** Those that add to the matrix of a plan: another config's cells make up another one. */
const partsIn = (runs: readonly Proof[], { scenarios }: Question["plan"]): Proof[] =>
  runs.filter(
    ({ part, cells }) =>
      part?.matrix.cells === scenarios.size &&
      cells.every((found) => found.scenario === scenarios.get(found.cell)),
  );

/** What runs lack together of the whole matrix of a plan, in words. */
function wholeLacks(runs: readonly Proof[], { scenarios }: Question["plan"]): string[] {
  const nameOfCell = (cell: string, scenario: string) => `${cell}\n${scenario}`;
  const seen = new Set(
    runs.flatMap((run) => run.cells.map(({ cell, scenario }) => nameOfCell(cell, scenario))),
  );
  const open = [...scenarios].filter(([cell, scenario]) => !seen.has(nameOfCell(cell, scenario)));
  return [
    ...(open.length === 0 ? [] : [`${open.length} of ${scenarios.size} cells of the config are not in it`]),
    ...coverageLacks(runs),
  ];
}

/** Why no run of this config can show what the policy asks for, and what to do about that; null where one can. */
function whyNotAsked(cell: string, { deployed, plan }: Question): { what: string; todo: string } | null {
  const scenario = plan.scenarios.get(cell);
  if (scenario === undefined)
    return {
      what: "the policy requires it and the config has it no longer",
      todo: "put it back into the config, or run what is live without it and take its policy anew",
    };
  const frozen = deployed.policy.scenarios[cell];
  return frozen === undefined || frozen === sha256(scenario)
    ? null
    : {
        what: "the policy requires another scenario of this name",
        todo: "run what is live with this one, and take its policy anew",
      };
}

function showsCell(
  { cells, builds }: Proof,
  cell: string,
  { worker: { component, digest } }: Pair,
  scenarios: Question["plan"]["scenarios"],
  known: KnownFailures,
): boolean {
  const mine = digest ?? builds.find((build) => build.component === component)?.digest;
  const all = cells.filter((one) => one.cell === cell);
  return (
    all.length > 0 &&
    all.every((found) => {
      const { verdict, scenario, worker, broken } = found;
      if (scenario !== scenarios.get(cell) || (worker !== null && worker !== mine)) return false;
      if (verdict === "violation") return broken.length > 0 && unexplained(found, known).length === 0;
      return verdict === "pass";
    })
  );
}

/** Whether what keeps it open was told already. */
const isVetoed = ({ pair, cell }: Item, against: readonly Veto[]): boolean =>
  against.some(({ proof, finding }) => finding.cell === cell && isOf(proof, pair));

/** What keeps an item open, with the command that would show it. */
function missing(item: Item, question: Question): Finding {
  const { pair, cell } = item;
  const here = question.proofs.filter((proof) => isOf(proof, pair));
  const reasons = here.map(
    (proof) => `${proof.folder}: ${whyNot(proof, question) ?? whyNotHere(proof, item, question)}`,
  );
  const unasked = cell === null ? null : whyNotAsked(cell, question);
  const what = unasked?.what ?? reasons.at(-1) ?? "no run of these builds is in the evidence";
  const next = unasked === null ? runOf(item, question) : { do: unasked.todo };
  return { verdict: "missing", pair: nameOf(pair), cell, what, next };
}

function whyNotHere(proof: Proof, { cell }: Item, question: Question): string {
  const { plan } = question;
  if (!isAmong(proof, liveBuilds(question))) return "a build that is not listed as live was part of it";
  if (cell === null)
    return [...proof.lacks, ...proof.loose, ...wholeLacks([proof], plan), "it had no probe"][0] as string;
  const found = proof.cells.find((one) => one.cell === cell);
  if (found === undefined) return "it did not run this cell";
  if (found.scenario !== plan.scenarios.get(cell)) return "it ran another scenario of this name";
  return `${found.verdict}${found.reason === null ? "" : `: ${found.reason}`}`;
}

/** The run that an item needs, with builds that are live in the places of the others; by hand where there is none. */
function runOf({ pair, cell }: Item, question: Question): Next {
  const { plan } = question;
  const live = liveBuilds(question);
  const releases = plan.workers.map(({ component, generation }) => {
    const build =
      component === pair.worker.component ? pair.worker : live.find((one) => one.component === component);
    return [generation, build?.release ?? plan.current] as const;
  });
  if (plan.configOf({ api: pair.api.release, workers: Object.fromEntries(releases) }) === null)
    return {
      do: `give the config all of these releases: ${[["api", pair.api.release], ...releases].map((one) => one.join(" ")).join(", ")}`,
    };
  const workers = Object.fromEntries(releases.filter(([, release]) => release !== plan.current));
  return { run: { api: pair.api.release, workers, cell } };
}
