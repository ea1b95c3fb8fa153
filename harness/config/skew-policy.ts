import { z } from "zod";
import { type Generation, generations } from "../../contracts/job.ts";

/** Which releases may be live together while a system is rolled out. */

export const releaseName = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/);

export const skewPolicySchema = z.strictObject({
  /** Releases of the API, oldest first. Two that are neighbours here may be live together, and no others. */
  apis: z
    .array(
      z.strictObject({
        release: releaseName,
        /** The releases of workers that it takes; it refuses the claims of all others that the policy knows. */
        takes: z
          .partialRecord(z.enum(generations), z.array(releaseName).min(1))
          .refine((takes) => Object.keys(takes).length > 0, "takes no workers: nobody could do its jobs"),
      }),
    )
    .min(1, "names no release of the API: a policy that allows nothing"),
});
export type SkewPolicy = z.output<typeof skewPolicySchema>;

/** The releases of a generation's workers that the policy knows, in its order. */
export const workerReleases = ({ apis }: SkewPolicy, generation: Generation): string[] => [
  ...new Set(apis.flatMap(({ takes }) => takes[generation] ?? [])),
];

interface Named {
  api: Readonly<Record<string, unknown>>;
  workers: Readonly<Record<string, { generation: Generation; releases: Readonly<Record<string, unknown>> }>>;
  current: string;
}

/** What the policy names and the config does not have, a line each. A worker's own build is its current release. */
export function policyProblems(policy: SkewPolicy, { api, workers, current }: Named): string[] {
  const releases = policy.apis.map(({ release }) => release);
  const twice = releases.filter((release, i) => releases.indexOf(release) < i);
  const missing = releases.filter((release) => !Object.hasOwn(api, release));
  const strange = generations.flatMap((generation) => {
    const own = Object.entries(workers).filter(([, worker]) => worker.generation === generation);
    return workerReleases(policy, generation).flatMap((release) =>
      own.length > 0 &&
      own.every(([, worker]) => release === current || Object.hasOwn(worker.releases, release))
        ? []
        : [`skew: takes ${generation} ${release}, which no worker of ${generation} has among its releases`],
    );
  });
  return [
    ...twice.map((release) => `skew: names the API ${release} twice`),
    ...missing.map((release) => `skew: names the API ${release}, which is not under api`),
    ...strange,
  ];
}
