import { whyNot } from "./counts.ts";
import type { Proof, ProvenCell } from "./proof.ts";
import { type Finding, isOf, matrixOf, type Next, nameOf, type Question } from "./question.ts";
import { type Item, liveBuilds } from "./required/items.ts";
import { isByIts, isOfScenario, wholeLacks, whyNotAsked } from "./shown.ts";
import { isAmong, type Veto } from "./vetoes.ts";

/** Whether a run is of the kind that could show an item. */
const isAbout = ({ scheduled }: Proof, { schedule }: Item): boolean => scheduled?.digest === schedule?.digest;

/** Whether a veto tells already why this item is not shown. */
export const isVetoed = (item: Item, against: readonly Veto[]): boolean =>
  against.some(
    ({ proof, finding }) =>
      isAbout(proof, item) &&
      isOf(proof, item.pair) &&
      (item.schedule !== null || finding.cell === item.cell),
  );

/** What keeps an item open, with the command that would show it. */
export function missing(item: Item, question: Question): Finding {
  const { pair, cell, schedule } = item;
  const here = question.proofs.filter((proof) => isAbout(proof, item) && isOf(proof, pair));
  const reasons = here.map(
    (proof) => `${proof.folder}: ${whyNot(proof, question) ?? whyNotHere(proof, item, question)}`,
  );
  const unasked = cell === null ? null : whyNotAsked(cell, pair.api.release, question);
  const none = `no run of ${schedule === null ? "these builds" : "this schedule with these builds"} is in the evidence`;
  return {
    verdict: "missing",
    pair: nameOf(pair),
    cell: schedule?.file ?? cell,
    what: unasked?.what ?? reasons.at(-1) ?? none,
    next: unasked === null ? nextOf(item, question) : { do: unasked.todo },
  };
}

function whyNotHere(proof: Proof, { pair, cell, schedule }: Item, question: Question): string {
  const { plan } = question;
  if (schedule !== null) return whyNotScheduled(proof, question);
  if (!isAmong(proof, liveBuilds(question))) return notLive;
  if (cell === null)
    return [
      ...proof.lacks,
      ...proof.loose,
      ...wholeLacks([proof], matrixOf(plan, pair.api.release), plan),
      "it had no probe",
    ][0] as string;
  // It may have run the cell more than once: each time counts.
  const all = proof.cells.filter((one) => one.cell === cell);
  const [first] = all;
  if (first === undefined) return "it did not run this cell";
  if (all.some(({ scenario }) => scenario !== plan.scenarios.get(cell)))
    return "it ran another scenario of this name";
  if (!all.every((found) => isByIts(found, proof, pair)))
    return "its job was run by another build of the worker";
  return outcomeOf(all.find(({ verdict }) => verdict !== "pass") ?? first);
}

const outcomeOf = ({ verdict, reason }: ProvenCell): string =>
  `${verdict}${reason === null ? "" : `: ${reason}`}`;

const notLive = "a build that is not listed as live was part of it";

/** Why a run of a schedule, by builds that were asked for, does not count as passed. */
export function whyNotScheduled(proof: Proof, question: Question): string {
  if (!isAmong(proof, liveBuilds(question))) return notLive;
  const { scheduled, cells, loose } = proof;
  const { scenarios } = question.plan;
  const bad = cells.filter(({ verdict }) => verdict !== "pass");
  const other = cells.filter((found) => !isOfScenario(found, scenarios));
  return [
    ...(scheduled?.lacks ?? []),
    ...other.map(({ cell }) => `${cell}: it ran another scenario of this name`),
    ...bad.map((found) => `${found.cell}: ${outcomeOf(found)}`),
    ...loose,
    "it had no job",
  ][0] as string;
}

/** The run that an item needs, with builds that are live in the places of the others; by hand where there is none. */
function nextOf({ pair, cell, schedule }: Item, question: Question): Next {
  const { plan } = question;
  const live = liveBuilds(question);
  const releases = plan.workers.map(({ component, generation }) => {
    const build =
      component === pair.worker.component ? pair.worker : live.find((one) => one.component === component);
    return [generation, build?.release ?? plan.current] as const;
  });
  const api = pair.api.release;
  if (plan.configOf({ api, workers: Object.fromEntries(releases) }) === null)
    return {
      do: `give the config all of these releases: ${[["api", api], ...releases].map((one) => one.join(" ")).join(", ")}`,
    };
  if (schedule !== null) {
    const { file, digest } = schedule;
    return { replay: { file, digest, api, workers: Object.fromEntries(releases) } };
  }
  const workers = Object.fromEntries(releases.filter(([, release]) => release !== plan.current));
  return { run: { api, workers, cell } };
}
