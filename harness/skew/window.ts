import { type Generation, generations } from "../../contracts/job.ts";
import type { SkewPolicy } from "../config/skew-policy.ts";

/** A rollout: from which releases to which. Workers of a generation that stays as it is are not named. */
export interface Window {
  from: Releases;
  to: Releases;
}

export interface Releases {
  api: string;
  workers: Partial<Record<Generation, string>>;
}

/** Of each two APIs that may be live together: from the oldest workers that the older takes to the newest of the newer. */
export const windowsOf = ({ apis }: SkewPolicy): Window[] =>
  apis.slice(1).map((newer, i) => {
    const older = apis[i] as SkewPolicy["apis"][number];
    return {
      from: { api: older.release, workers: workersOf(older, 0) },
      to: { api: newer.release, workers: workersOf(newer, -1) },
    };
  });

const workersOf = ({ takes }: SkewPolicy["apis"][number], place: 0 | -1): Releases["workers"] =>
  Object.fromEntries(
    generations.flatMap((generation) => {
      const release = takes[generation]?.at(place);
      return release === undefined ? [] : [[generation, release]];
    }),
  );

/**
 * The policy with a candidate after the current API, which takes the workers that the current one takes; the APIs after the
 * current one are not its neighbours.
 */
export function withCandidate({ apis }: SkewPolicy, current: string, candidate: string): SkewPolicy {
  const place = apis.findIndex(({ release }) => release === current);
  const known = apis.slice(0, place + 1);
  const takes = known.at(-1)?.takes ?? {};
  return { apis: [...known, { release: candidate, takes }] };
}

/** `api current, v5 current, v6 current -> api next, v5 next, v6 next`. */
export const inWords = ({ from, to }: Window): string => `${releasesInWords(from)} -> ${releasesInWords(to)}`;

/** `api current, v5 current, v6 current`. */
export const releasesInWords = ({ api, workers }: Releases): string =>
  [`api ${api}`, ...Object.entries(workers).map(([generation, release]) => `${generation} ${release}`)].join(
    ", ",
  );
