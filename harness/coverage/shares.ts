import { generationOf } from "../../contracts/job.ts";
import type { AttestedBuild } from "../history/event.ts";
import type { JobHistory } from "../history/job-history.ts";
import { attestedOf, buildIdOf, endingReport, handOuts } from "../history/work.ts";
import { isApi } from "../world/is-api.ts";

/** Which part of the work each worker did. */
export interface Share {
  component: string;
  release: string;
  /** The image's id, or the digest of what is no image. */
  build: string;
  /** Jobs that it was handed. */
  claimed: number;
  /** Jobs of its generation that ended by its report. */
  finished: number;
}

/** The share of every worker that was attested, those that did nothing included. */
export function sharesOf(jobs: readonly JobHistory[], builds: readonly AttestedBuild[]): Share[] {
  return builds
    .filter(({ component }) => !isApi(component))
    .map((build) => {
      const isOwn = (call: { by: string } | undefined) =>
        call !== undefined && attestedOf(call.by, builds) === build;
      const finished = jobs.filter((job) => {
        const report = endingReport(job);
        return isOwn(report) && report?.exchange.generation === generationOf(job.engine);
      });
      return {
        component: build.component,
        release: build.release,
        build: buildIdOf(build),
        claimed: jobs.filter((job) => handOuts(job).some(isOwn)).length,
        finished: finished.length,
      };
    });
}
