import type { Step } from "../../contracts/step.ts";
import { stepOf } from "../../contracts/steps.ts";
import { isApplicable } from "./applicable.ts";
import { type Fault, faultKinds, processOf } from "./faults.ts";
import type { Planned } from "./schedule.ts";
import { endsOf, type Site } from "./site.ts";

/** What a sweep tries: which sites, and which faults there. */

/** One fault of each kind, or several where they differ in what they test. */
export const sampleFaults: readonly Fault[] = Object.values(faultKinds).flatMap(({ samples }) => samples);

/** Polls and retries come again and again: the first ones are sites of their own, the others are like them. */
const asks = 2;
const asksOf: Partial<Record<Step, number>> = { look: 1, list: 0 };

function mostAsks(operation: string): number {
  const step = stepOf(operation);
  if (step !== undefined) return asksOf[step] ?? asks;
  // The API's own transaction before every operation.
  return operation === "authenticate" ? 0 : asks;
}

/** Whether a site means the same on every run: not one poll of many, but a step of some job. */
export function isStep({ operation, job, occurrence, link, statement }: Site): boolean {
  // A request for work that finds none writes nothing.
  if (typeof statement === "number" && stepOf(operation) === "grant") return true;
  if (occurrence > mostAsks(operation)) return false;
  if (job === null && stepOf(operation) === "grant") return occurrence === 1;
  if (operation === "list" && link === "worker->disk") return false;
  return true;
}

/** Every single fault at every step among the sites that a run of so many jobs has reached, each once. */
export function singlesAt(reached: readonly Site[], jobs = 1): Planned[] {
  const steps = new Map(reached.filter(isStep).map((site) => [JSON.stringify(site), site]));
  return [...steps.values()].flatMap((at) =>
    sampleFaults.filter((fault) => isApplicable(at, fault, jobs)).map((fault) => ({ at, fault })),
  );
}

/**
 * The same for pairs, without what only repeats another: to its callers a database that is down or stands still is an
 * outage or a delay of their links; and a process that falls over while others speak does so between two calls of its
 * own, at the later of which it is tried. A kind may leave out more, as its `pairsAt` says. So all pairs stay within
 * their minute.
 */
export const partnersAt = (reached: readonly Site[]): Planned[] =>
  singlesAt(reached).filter(({ at, fault }) => {
    const process = processOf(fault);
    if (faultKinds[fault.kind].pairsAt?.(at, fault) === false) return false;
    return process === null || (process !== "database" && endsOf[at.link].includes(process));
  });
