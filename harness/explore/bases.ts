import { type Engine, engines } from "../../contracts/job.ts";
import { type Schedule, type StatementKind, scheduleFormat, statementKinds } from "../schedule/schedule.ts";

/** The workloads that are explored, each without a fault yet: every engine with every statement. */
export const bases = (releases: Schedule["releases"], seed: number): Schedule[] =>
  engines.flatMap((engine) => statementKinds.map((statement) => base(engine, statement, releases, seed)));

export const base = (
  engine: Engine,
  statement: StatementKind,
  releases: Schedule["releases"],
  seed: number,
): Schedule => ({
  format: scheduleFormat,
  workload: { jobs: [{ statement, engine }], workers: 2 },
  releases,
  seed,
  faults: [],
});
