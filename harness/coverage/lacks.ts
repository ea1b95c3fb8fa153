import { clusterOf, generationOf, generations } from "../../contracts/job.ts";
import type { MatrixExtent } from "../history/event.ts";
import type { JobHistory } from "../history/job-history.ts";
import { contractKept } from "../invariants/c-contract.ts";
import { terminalAbsorbs } from "../invariants/i1-terminal-absorbs.ts";
import { statusAgreesWithEffect } from "../invariants/i3-status-agrees.ts";
import { outputAgrees } from "../invariants/i4-output-agrees.ts";
import { eventuallyTerminal } from "../invariants/liveness/l1-eventually-terminal.ts";
import { rightWorkers } from "../invariants/w-witness.ts";
import { statementOf } from "../schedule/statements.ts";
import type { Coverage } from "./coverage.ts";
import { waysLeft } from "./ways.ts";

/** What a run of the matrix had to exercise and did not: the run is `missing`. */
export interface Lack {
  what: string;
  /** What to do, where the whole matrix does not exercise it either; absent where it does. */
  next?: string;
}

/** Every whole matrix puts these to the test, since every one has jobs that succeed and results that are delivered. */
const ofEveryMatrix = [
  contractKept,
  rightWorkers,
  terminalAbsorbs,
  statusAgreesWithEffect,
  outputAgrees,
  eventuallyTerminal,
];

export function lacksOf(
  { workers, invariants, ways }: Pick<Coverage, "workers" | "invariants" | "ways">,
  jobs: readonly Pick<JobHistory, "scenario" | "engine" | "final">[],
  whole: MatrixExtent,
): Lack[] {
  const isPartial = jobs.length < whole.cells;
  return [
    ...idleWorkers(workers, jobs, isPartial),
    ...(isPartial
      ? []
      : [...untestedGenerations(jobs, whole), ...untestedInvariants(invariants), ...unasked(ways, jobs)]),
  ];
}

/** Whoever is attested and did nothing would else pass by the work of others. */
function idleWorkers(
  workers: Coverage["workers"],
  jobs: readonly Pick<JobHistory, "scenario">[],
  isPartial: boolean,
): Lack[] {
  const refused = jobs.every(({ scenario }) => scenario?.ending === "refused");
  const why = refused ? ", every job of the run is to be refused" : "";
  const next = refused
    ? "add a scenario whose job is accepted"
    : "run it without the other workers of its engines, and read its log";
  return workers
    .filter(({ finished }) => finished === 0)
    .map(({ component, release }) => ({
      what: `${component} (release ${release}, attested) finished 0 jobs${why}`,
      ...(isPartial ? {} : { next }),
    }));
}

/** Customers are configured whose jobs no worker runs. */
function untestedGenerations(jobs: readonly Pick<JobHistory, "engine">[], { engines }: MatrixExtent): Lack[] {
  const tried = new Set(jobs.map(({ engine }) => engine));
  const untested = engines.filter((engine) => !tried.has(engine));
  return generations.flatMap((generation) => {
    const own = untested.filter((engine) => generationOf(engine) === generation);
    const clusters = [...new Set(own.map(clusterOf))].map((cluster) => `customers.${cluster}`);
    return own.length === 0
      ? []
      : {
          what: `${own.map((engine) => `${generation}-${engine}`).join(" and ")} untested: no worker runs what ${clusters.join(" and ")} can ask for`,
          next: `add a worker of ${generation} for ${own.join(" and ")}, or take the customer out`,
        };
  });
}

/** Nothing but a service that does not answer keeps a run without faults from asking all. */
function unasked(
  ways: Coverage["ways"],
  jobs: readonly Pick<JobHistory, "final" | "scenario" | "engine">[],
): Lack[] {
  const stored = jobs.filter(({ final }) => final.stored !== null);
  const readable = stored.filter(
    ({ final, scenario }) =>
      final.stored === "success" &&
      scenario?.ending === "success" &&
      statementOf(scenario.statement).result === "own",
  );
  return waysLeft(
    ways,
    new Set(readable.map(({ engine }) => generationOf(engine))),
    new Set(stored.map(({ engine }) => clusterOf(engine))),
  ).map((what) => ({ what, next: "read why in the log of the API" }));
}

function untestedInvariants({ untested }: Coverage["invariants"]): Lack[] {
  const open = ofEveryMatrix.filter(({ id }) => untested.includes(id)).map(({ id }) => id);
  return open.length === 0
    ? []
    : [
        {
          what: `no job put ${open.join(", ")} to the test`,
          next: "add scenarios that succeed and that deliver their result",
        },
      ];
}
