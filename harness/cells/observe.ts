import { type JobStatus, jobStatuses } from "../../contracts/job.ts";
import type { CellFacts } from "../checks/check.ts";
import type { Config } from "../config/config.ts";
import type { ExchangeEvent, HistoryEvent } from "../history/event.ts";
import { webDeliveries } from "../oracle/web.ts";
import { customerOf, type Rig } from "../rigs/containers/system/rig.ts";
import type { Cell } from "./cell.ts";
import type { Driven } from "./drive.ts";
import { placesOf } from "./places.ts";

/** Looks, when all is quiet, into the destination, the warehouse and the database: what really happened. */
export async function observe(
  cell: Cell,
  driven: Driven,
  config: Config,
  rig: Rig,
  events: readonly HistoryEvent[],
): Promise<CellFacts> {
  const { scenario } = cell;
  const { output, source, statement } = scenario;
  const places = placesOf(cell, rig.destinationsFor(cell.generation), config.destinations.mysql);
  const web = output?.kind === "web" ? await webDeliveries(rig.web, places.path) : null;
  const rows =
    output?.kind === "mysql"
      ? ((await rig.destination.rows(config.destinations.mysql.database, places.table, source.columns)) ?? [])
      : null;
  const fillsTable = statement.kind === "insert-into" || statement.kind === "create-table";
  const { account, database } = customerOf(config, cell.engine);
  return {
    scenario,
    accepted: driven.job !== null,
    refusal: driven.refusal,
    refusalStatus: driven.refusal === null ? null : refusalStatus(driven.refusal, events),
    reads: driven.reads,
    stored: driven.job === null ? null : await storedStatus(driven.job, config, rig),
    listed: driven.listed,
    atDestination: web?.rows ?? rows,
    deliveries: web?.count ?? null,
    inWarehouse: fillsTable
      ? await rig.loader.rows(config.mysql.warehouse(account, database), places.table, source.columns)
      : null,
    result: driven.result,
    mismatches: exchangesOf(driven.job, events).flatMap(({ link, operation, mismatches }) =>
      mismatches.map((mismatch) => `${link}, ${operation}: ${mismatch}`),
    ),
  };
}

async function storedStatus(job: string, config: Config, rig: Rig): Promise<JobStatus | null> {
  const [row] = await rig.oracle.query(config.mysql.jobStatus, [job]);
  const status: unknown = row?.["status"];
  return jobStatuses.find((known) => known === status) ?? null;
}

export const exchangesOf = (job: string | null, events: readonly HistoryEvent[]): ExchangeEvent[] =>
  job === null
    ? []
    : (events.filter((event) => event.kind === "exchange" && event.job === job) as ExchangeEvent[]);

/** The status of the last recorded answer to an issue that refused it in these words: the client passes on no more. */
export function refusalStatus(refusal: string, events: readonly HistoryEvent[]): number | null {
  const answer = events.findLast(
    (event) =>
      event.kind === "exchange" && event.operation === "job.issue" && wordsOf(event.reply) === refusal,
  );
  return answer?.kind === "exchange" ? answer.status : null;
}

const wordsOf = (reply: unknown): unknown =>
  typeof reply === "object" && reply !== null && "error" in reply ? reply.error : undefined;
