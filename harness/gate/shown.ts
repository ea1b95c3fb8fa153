import { canonical } from "../history/hash.ts";
import { sha256 } from "../secrets.ts";
import type { KnownFailures } from "./known.ts";
import type { Proof, ProvenCell } from "./proof.ts";
import { isOf, matrixOf, type Pair, type Question } from "./question.ts";
import type { Item } from "./required/items.ts";
import { coverageLacks } from "./together.ts";
import { unexplained } from "./vetoes.ts";

/** The runs that show an item: one for a cell, and for a whole matrix as many as make one up; none where they do not. */
export function shownBy(
  counting: readonly Proof[],
  { pair, cell, schedule }: Item,
  question: Question,
  known: KnownFailures,
): readonly Proof[] {
  const ofPair = counting.filter((proof) => isOf(proof, pair));
  const { scenarios } = question.plan;
  const api = pair.api.release;
  if (schedule !== null)
    return ofPair.filter((proof) => passes(proof, schedule.digest, scenarios, known)).slice(0, 1);
  const here = ofPair.filter(({ scheduled }) => scheduled === null);
  if (cell !== null) {
    if (whyNotAsked(cell, api, question) !== null) return [];
    const one = here.find((proof) => showsCell(proof, cell, pair, scenarios, known));
    return one === undefined ? [] : [one];
  }
  const { plan } = question;
  const matrix = matrixOf(plan, api);
  const { probe } = question.deployed.policy;
  const clean = here.filter(({ loose }) => known.withoutLoose(loose).length === 0);
  const groups = Map.groupBy(clean, ({ builds, images: { mysql } }) => canonical([builds, mysql]));
  const candidates = [
    ...clean.map((proof) => [proof]),
    ...[...groups.values()].map((runs) => partsIn(runs, matrix, plan)),
  ];
  const isProbed = (runs: readonly Proof[]) => !probe || runs.some((run) => run.isProbed);
  return candidates.find((runs) => isProbed(runs) && wholeLacks(runs, matrix, plan).length === 0) ?? [];
}

/** Those that add to the matrix of a plan: another config's cells make up another one. */
const partsIn = (
  runs: readonly Proof[],
  matrix: ReadonlySet<string>,
  { scenarios }: Question["plan"],
): Proof[] =>
  runs.filter(
    ({ part, cells }) =>
      part?.matrix.cells === matrix.size &&
      cells.every((found) => found.scenario === scenarios.get(found.cell)),
  );

/** What runs lack together of the whole matrix of an API, in words. */
export function wholeLacks(
  runs: readonly Proof[],
  matrix: ReadonlySet<string>,
  { scenarios }: Question["plan"],
): string[] {
  const cells = Map.groupBy(
    runs.flatMap((run) => run.cells),
    ({ cell }) => cell,
  );
  const isSeen = (cell: string) => {
    const wanted = scenarios.get(cell) ?? "";
    return cells.get(cell)?.some(({ scenario }) => scenario === wanted) === true;
  };
  const open = [...matrix].filter((cell) => !isSeen(cell));
  return [
    ...(open.length === 0 ? [] : [`${open.length} of ${matrix.size} cells of the config are not in it`]),
    ...coverageLacks(runs),
  ];
}

/** Why no run of this config can show of an API what the policy asks for, and what to do about that; null where one can. */
export function whyNotAsked(
  cell: string,
  api: string,
  { deployed, plan }: Question,
): { what: string; todo: string } | null {
  const scenario = plan.scenarios.get(cell);
  if (scenario === undefined)
    return {
      what: "the policy requires it and the config has it no longer",
      todo: "put it back into the config, or run what is live without it and take its policy anew",
    };
  if (plan.lackedBy(api).has(cell))
    return {
      what: `the policy requires it, and the config says that API ${api} lacks what it takes`,
      todo: "give the candidate what it lacks and take it out of `lacks`; if nobody needs it, run what is live without it and take its policy anew",
    };
  const frozen = deployed.policy.scenarios[cell];
  return frozen === undefined || frozen === sha256(scenario)
    ? null
    : {
        what: "the policy requires another scenario of this name",
        todo: "run what is live with this one, and take its policy anew",
      };
}

/** Whether it is a run of this schedule in which all was as it should be, with every fault. */
export const passes = (
  { scheduled, cells, loose }: Proof,
  digest: string,
  scenarios: Question["plan"]["scenarios"],
  known: KnownFailures,
): boolean =>
  scheduled?.digest === digest &&
  scheduled.lacks.length === 0 &&
  known.withoutLoose(loose).length === 0 &&
  cells.length > 0 &&
  cells.every((found) => isOfScenario(found, scenarios) && isGreen(found, known));

/** Whether a job of a schedule was what the config says of it. */
export const isOfScenario = (
  { cell, scenario }: ProvenCell,
  scenarios: Question["plan"]["scenarios"],
): boolean => scenario === scenarios.get(cell.slice(cell.indexOf("/") + 1));

/** Whether it passed, or broke nothing but what is known. */
const isGreen = (found: ProvenCell, known: KnownFailures): boolean =>
  found.verdict === "pass" ||
  (found.verdict === "violation" && found.broken.length > 0 && unexplained(found, known).length === 0);

function showsCell(
  proof: Proof,
  cell: string,
  pair: Pair,
  scenarios: Question["plan"]["scenarios"],
  known: KnownFailures,
): boolean {
  const all = proof.cells.filter((one) => one.cell === cell);
  return (
    all.length > 0 &&
    all.every(
      (found) =>
        found.scenario === scenarios.get(cell) && isByIts(found, proof, pair) && isGreen(found, known),
    )
  );
}

/** Whether no other build of the worker than that of the pair is known to have run its job. */
export const isByIts = (
  { worker }: ProvenCell,
  { builds }: Proof,
  { worker: { component, digest } }: Pair,
): boolean =>
  worker === null || worker === (digest ?? builds.find((build) => build.component === component)?.digest);
