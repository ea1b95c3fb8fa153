import { type Generation, generations } from "../../contracts/job.ts";
import { type SkewPolicy, workerReleases } from "../config/skew-policy.ts";
import type { Schedule } from "../schedule/schedule.ts";

/** The releases that a policy lets live together, one API at a time: what the matrix is run for. */
export const combinationsOf = ({ apis }: SkewPolicy): Schedule["releases"][] =>
  apis.flatMap(({ release, takes }) =>
    generations
      .reduce<Schedule["releases"]["workers"][]>(
        (all, generation) => {
          const releases = takes[generation];
          return releases === undefined
            ? all
            : all.flatMap((workers) => releases.map((one) => ({ ...workers, [generation]: one })));
        },
        [{}],
      )
      .map((workers) => ({ api: release, workers })),
  );

/** An API and a worker that the policy knows and does not let live together: the API must say so at the claim. */
export interface RefusedPair {
  api: string;
  generation: Generation;
  worker: string;
}

export const refusedPairsOf = (policy: SkewPolicy): RefusedPair[] =>
  policy.apis.flatMap(({ release: api, takes }) =>
    generations.flatMap((generation) =>
      workerReleases(policy, generation)
        .filter((worker) => takes[generation]?.includes(worker) !== true)
        .map((worker) => ({ api, generation, worker })),
    ),
  );
