import { canonical } from "../../history/hash.ts";
import { whyNot } from "../counts.ts";
import type { RequiredKill } from "../policy.ts";
import type { Proof } from "../proof.ts";
import type { Finding, Question, Shown } from "../question.ts";

/** Whether this harness still sees what it has to see, and nothing where there is nothing. */

/** A kill is a run of its schedule on its releases in which its invariant broke; a control's is one in which nothing did. */
export function killsOf(question: Question): Shown<Proof> {
  const { kills } = question.deployed.policy;
  const tried = kills.map((kill) => {
    const runs = question.proofs.filter((proof) => isOfKill(proof, kill));
    const reasons = runs.map((proof) => whyNot(proof, question) ?? whyNotKilled(proof, kill));
    return { kill, runs, reasons };
  });
  return {
    required: kills.length,
    counted: tried.flatMap(({ runs, reasons }) => runs.filter((_, i) => reasons[i] === null).slice(0, 1)),
    open: tried
      .filter(({ reasons }) => !reasons.includes(null))
      .map(({ kill, runs, reasons }) => openOf(kill, runs.at(-1), reasons.at(-1))),
  };
}

/** Whether a run is of the builds of a kill, by the names that the config has for them. */
export const isOnReleases = ({ releases }: Pick<Proof, "releases">, kill: RequiredKill): boolean =>
  canonical(releases) === canonical(kill.releases);

const isOfKill = (proof: Proof, kill: RequiredKill): boolean =>
  proof.scheduled?.digest === kill.digest && isOnReleases(proof, kill);

function whyNotKilled({ scheduled, cells, loose }: Proof, { invariant }: RequiredKill): string | null {
  const lack = scheduled?.lacks[0];
  if (lack !== undefined) return lack;
  const broken = [
    ...cells.flatMap((found) => found.broken.map((one) => one.invariant)),
    ...loose.map(() => "C"),
  ];
  const told = [...new Set(broken)].join(", ");
  if (invariant !== null)
    return broken.includes(invariant) ? null : `${invariant} held: ${told === "" ? "nothing" : told} broke`;
  if (told !== "") return `the control broke ${told}`;
  const open = cells.find(({ verdict }) => verdict !== "pass");
  return open === undefined && cells.length > 0
    ? null
    : `${open?.verdict ?? "no job"}: ${open?.reason ?? ""}`;
}

function openOf(
  { file, digest, releases, invariant }: RequiredKill,
  run: Proof | undefined,
  reason: string | null | undefined,
): Finding {
  const wanted = invariant === null ? "the control must stay green" : `${invariant} must catch it`;
  return {
    verdict: "missing",
    pair: null,
    cell: file,
    what: run === undefined ? `${wanted}: no run of it is in the evidence` : `${run.folder}: ${reason ?? ""}`,
    next: { replay: { file, digest, api: releases.api, workers: releases.workers } },
  };
}
