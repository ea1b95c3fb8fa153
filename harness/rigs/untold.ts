import type { NoticesExtent } from "../history/event.ts";
import type { Job } from "./workload.ts";

/** A line for what is not compared where there are scheduled queries, and nobody tells Interlock of their changes. */
export const untold = (
  jobs: readonly Pick<Job, "scenario">[],
  notices: Pick<NoticesExtent, "withinMs"> | undefined,
): string[] =>
  notices === undefined && jobs.some(({ scenario }) => scenario.statement.kind === "scheduled-query")
    ? ["notices of scheduled queries: the API sends none to Interlock"]
    : [];
