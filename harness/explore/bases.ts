import type { InProcessSystem } from "../../contracts/in-process.ts";
import { type Engine, engines } from "../../contracts/job.ts";
import { engineLabel } from "../cells/cell.ts";
import { type Run, runSchedules } from "../rigs/in-process/run.ts";
import {
  type Schedule,
  type Site,
  type StatementKind,
  scheduleFormat,
  statementKinds,
} from "../schedule/schedule.ts";

/** A workload of one job without a fault, and the places that it reaches. */
export interface Workload {
  /** `<api release>/<generation>-<engine>/<statement>`, as cells are called. */
  path: string;
  base: Schedule;
  reached: readonly Site[];
}

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

/** The same, run once. */
export async function workloadsOf(
  system: InProcessSystem,
  releases: Schedule["releases"],
  seed: number,
): Promise<Workload[]> {
  const runs = await runSchedules(system, bases(releases, seed));
  return runs.map(({ schedule, reached }: Run) => ({ path: pathOf(schedule), base: schedule, reached }));
}

const pathOf = ({ releases: { api }, workload }: Schedule): string =>
  [api, ...workload.jobs.map(({ engine, statement }) => `${engineLabel(engine)}/${statement}`)].join("/");
