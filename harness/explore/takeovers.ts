import type { Planned } from "../schedule/schedule.ts";
import type { Workload } from "./workloads.ts";

/**
 * A worker dies behind each of its steps at the warehouse, so that another goes on with what this one has left there: the only
 * way on which what is stored is read back, in whatever form it is.
 */
export const takeoversOf = ({ reached }: Pick<Workload, "reached">): Planned[] =>
  reached
    .filter(
      ({ link, phase, occurrence }) => link === "worker->warehouse" && phase === "after" && occurrence === 1,
    )
    .map((at) => ({ at, fault: { kind: "kill", process: "worker", ms: 5_000 } }));
