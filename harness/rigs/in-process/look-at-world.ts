import { isDeepStrictEqual } from "node:util";
import type { DestinationSettings } from "../../../contracts/destination.ts";
import type { SystemState } from "../../../contracts/in-process.ts";
import type { Row } from "../../../contracts/values.ts";
import { kindNamed } from "../../destinations/index.ts";
import type { WorldEvent } from "../../history/event.ts";
import { tableUseOf } from "../../schedule/scenario.ts";
import type { Change } from "../../world/world.ts";
import type { Job } from "../workload.ts";
import { customerOf, customers, database, stateSeed } from "./accounts.ts";
import { settingsOf } from "./places.ts";

/** What a system in process shows of its world: everything delivered, and the tables and registrations of known names. */
export const lookAtWorld = (
  state: SystemState,
  jobs: readonly Job[],
  numberOf: (id: string) => number | undefined,
): WorldEvent => ({
  kind: "world",
  changes: [...deliveryChanges(state, jobs, numberOf), ...tableChanges(state, jobs)],
  compared: [
    "deliveries and their columns",
    "tables and registrations of known names",
    "columns of registered tables",
  ],
  notCompared: ["keys and tables of other names: a system in process does not show them"],
});

/**
 * What came, each delivery to the place of its job or, in the name of another job or to a place of nobody, to none. A job of
 * which the workload does not know is that which has delivered to the same place before, where there is one: how often came
 * what is for I4.
 */
function deliveryChanges(
  state: SystemState,
  jobs: readonly Job[],
  numberOf: (id: string) => number | undefined,
): Change[] {
  const deliveries = state.deliveries();
  if (deliveries.length === 0) return [];
  const wanted = jobs.map((job) => ({ job, settings: settingsOf(job) }));
  return deliveries.map(({ job: id, settings, columns, rows }) => {
    const number = numberOf(id);
    const own = wanted.find(
      ({ job, settings: named }) =>
        (number === undefined ? job.scenario.twice : job.number === number) &&
        isDeepStrictEqual(settings, named),
    );
    return {
      place: `destination-${placeOf(settings)}, by job ${id}`,
      ...(own === undefined ? { what: "other", job: null } : { what: "destination", job: own.job.number }),
      before: null,
      after: { columns, rows: rows.length },
    };
  });
}

const placeOf = (settings: DestinationSettings): string =>
  settings.type === "td"
    ? `${settings.type}, ${settings.database}.${settings.table}`
    : `${settings.type} at ${settings.host}:${settings.port}, ${kindNamed(settings.type).place(settings)}`;

/** Every name that occurs, in every account's warehouse, but where a job is to make or fill it. */
function tableChanges(state: SystemState, jobs: readonly Job[]): Change[] {
  const key = (account: number, name: string) => `${account} ${name}`;
  const names = new Set(jobs.flatMap(({ scenario, target }) => [scenario.source.name, target]));
  const before = new Map(
    stateSeed(jobs).tables.map(({ account, name, rows }) => [key(account, name), rows] as const),
  );
  const effects = new Map(
    jobs.map((job) => [key(customerOf(job).account, job.target), tableUseOf(job.scenario).effect]),
  );
  const registering = jobs.filter(({ scenario }) => tableUseOf(scenario).registeredBy !== "nobody");
  const owners = new Map(registering.map((job) => [key(customerOf(job).account, job.target), job.number]));
  return Object.values(customers).flatMap(({ account }) =>
    [...names].flatMap((name) => {
      const place = key(account, name);
      const effect = effects.get(place) ?? "none";
      return [
        ...(effect === "none" || effect === "keeps"
          ? tableChange(state, account, name, before.get(place) ?? null)
          : []),
        ...registration(state, account, name, owners.get(place) ?? null),
      ];
    }),
  );
}

function tableChange(
  state: SystemState,
  account: number,
  name: string,
  before: readonly Row[] | null,
): Change[] {
  const found = state.table(account, database, name);
  const isSame =
    found === null || before === null
      ? found === before
      : found.length === before.length && found.every((row, i) => row === before[i]);
  if (isSame) return [];
  return [
    {
      place: `warehouse of account ${account}: ${name}`,
      what: "table",
      job: null,
      before: before && { rows: before.length },
      after: found && { rows: found.length },
    },
  ];
}

/** @param job whose table it is to be, by its number; null where no job is to make it */
function registration(state: SystemState, account: number, name: string, job: number | null): Change[] {
  const columns = state.registered(account, database, name);
  if (columns === null) return [];
  return [
    {
      place: `tables of account ${account} that the API knows: ${name}`,
      what: "registration",
      job,
      before: null,
      after: { columns },
    },
  ];
}
