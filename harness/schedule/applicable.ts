import { type Fault, type FaultKind, faultKinds, processOf } from "./faults.ts";
import { operationsOf } from "./operations.ts";
import type { Planned } from "./schedule.ts";
import { endsOf, type LinkName, links, type ProcessName, printSite, type Site } from "./site.ts";

/**
 * At whose calls a process can be hit. API and worker may fall over at anybody's, but nobody else knows when a worker
 * uses its disk, and no worker is at hand when the API sends a notice; the database takes part in its own calls alone.
 */
const hitAt: Record<ProcessName, readonly LinkName[]> = {
  api: links.filter((link) => link !== "worker->disk"),
  worker: links.filter((link) => link !== "api->notices"),
  database: links.filter((link) => endsOf[link].includes("database")),
};

/** Why a fault of this kind means nothing at this site of a workload with so many jobs; null where it means something. */
function kindRefusal(kind: FaultKind, at: Site, jobs: number, fault?: Fault): string | null {
  const { links: meant, phase = at.phase, statement, refusal } = faultKinds[kind];
  if (!meant.includes(at.link)) return `it means something only on ${meant.join(", ")}`;
  if (phase !== at.phase) return `it means something only ${phase} a call`;
  if (at.statement !== undefined && statement === undefined)
    return "it means something only for a call as a whole, without a statement";
  if (at.statement === undefined && statement === "must")
    return "it means something only at a statement that writes (1, 2, ...) or at COMMIT (commit)";
  return refusal?.(at, jobs, fault) ?? null;
}

function refusalOf({ at, fault }: Planned, jobs: number): string | null {
  const process = processOf(fault);
  if (process !== null && !hitAt[process].includes(at.link)) {
    return `the ${process} can be hit only on ${hitAt[process].join(", ")}`;
  }
  return kindRefusal(fault.kind, at, jobs, fault);
}

/** Whether a fault means something at a site of a workload with so many jobs: asked by parser, sweep and random alike. */
export const isApplicable = (at: Site, fault: Fault, jobs: number): boolean =>
  refusalOf({ at, fault }, jobs) === null;

/** The kinds that mean something at a site: `lost`, `kill of api or worker`. */
function allowedAt(at: Site, jobs: number): string[] {
  const kinds = Object.keys(faultKinds) as FaultKind[];
  return kinds
    .filter((kind) => kindRefusal(kind, at, jobs) === null)
    .flatMap((kind) => {
      const { processes } = faultKinds[kind];
      const hit = processes.filter((process) => hitAt[process].includes(at.link));
      if (processes.length === 0) return [kind];
      return hit.length === 0 ? [] : [`${kind} of ${hit.join(" or ")}`];
    });
}

/** What is wrong with the faults of a schedule that its schema lets pass, a line each. */
export const faultProblems = (faults: readonly Planned[], jobs: number): string[] =>
  faults.flatMap((planned, i) => {
    const { at, fault } = planned;
    const wrong = siteProblem(at, jobs);
    if (wrong !== null) return [`faults[${i}].at.${wrong}`];
    const reason = refusalOf(planned, jobs);
    if (reason === null) return [];
    const allowed = allowedAt(at, jobs).join(", ");
    return [`faults[${i}]: ${fault.kind} ${printSite(at)}: ${reason}; allowed here are ${allowed}`];
  });

/** What is wrong with a site: the key, and what is known there. */
function siteProblem({ link, operation, job }: Site, jobs: number): string | null {
  const known = operationsOf[link];
  if (!known.includes(operation)) {
    return `operation: ${operation} is unknown on ${link}; known are ${known.join(", ")}`;
  }
  if (job === null) return null;
  if (link === "api->database") return `job: expected null, since a transaction does not say whose it is`;
  return job > jobs ? `job: the workload has no job ${job}, it has ${jobs}` : null;
}
