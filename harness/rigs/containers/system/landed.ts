import { parseDestination } from "../../../../contracts/destination.ts";
import { customerOf } from "../../../config/config.ts";
import type { Landed } from "../../../destinations/destination.ts";
import { kindNamed } from "../../../destinations/index.ts";
import type { Changer } from "../../../oracle/survey.ts";
import { destinationNameOf, type Output, serviceTableOf, tableUseOf } from "../../../schedule/scenario.ts";
import type { StatementKind } from "../../../schedule/statements.ts";
import type { Job } from "../../workload.ts";
import type { ContainersRig } from "./open-rig.ts";

/**
 * What a job's destination holds; undefined where it has none. Acknowledged rows come into a table of the service later, so
 * that it is looked at when all is over.
 *
 * @param schema of its customer's database in the warehouse
 */
export async function landedAt(
  rig: ContainersRig,
  { scenario, target }: Job,
  schema: string,
  isOver: boolean,
): Promise<Landed | undefined> {
  const { output, source } = scenario;
  if (serviceTableOf(scenario) !== null) {
    if (!isOver) return undefined;
    return { rows: (await rig.oracle().rows(schema, target, source.columns)) ?? [], deliveries: null };
  }
  const name = destinationNameOf(scenario);
  const running = name === null ? undefined : rig.destinations.get(name);
  if (name === null || output === null || running === undefined) return undefined;
  return kindNamed(name).read(output, target, source, running.open);
}

/** Where its customer has a job read first what no job can read: whatever is asked there, nothing changes. */
export function unreadablePlaces(rig: ContainersRig, job: Job): string[] {
  const { output } = job.scenario;
  const name = destinationNameOf(job.scenario);
  const outputs = name === null || output === null ? [] : (kindNamed(name).unreadable?.(output) ?? []);
  return outputs.flatMap((one) => destinationPlaceOf(rig, job, one as Output) ?? []);
}

/** What a job's URL stands for by the contract, never as a worker has understood it. */
export function destinationPlaceOf(
  rig: ContainersRig,
  { scenario, target }: Job,
  output = scenario.output,
): string | null {
  const name = destinationNameOf(scenario);
  const running = name === null ? undefined : rig.destinations.get(name);
  if (name === null || running === undefined || output === null) return null;
  const kind = kindNamed(name);
  const { at, server } = running.open;
  const parsed = parseDestination(kind.url(output, target, at, server));
  return parsed.ok ? `destination-${name} ${kind.place(parsed.settings)}` : null;
}

/** By who may change rows about them, the customers' tables that these jobs change. */
export function changedTables(
  { config }: Pick<ContainersRig, "config">,
  jobs: readonly Job[],
): Record<Changer, Set<string>> {
  const tables = (changing: readonly StatementKind["effect"][]) =>
    jobs
      .filter(({ scenario }) => changing.includes(tableUseOf(scenario).effect))
      .map(({ engine, target }) => {
        const { account, database } = customerOf(config, engine);
        return `${account}/${database}/${target}`;
      });
  return {
    streams: new Set(tables(["streams"])),
    jobs: new Set(tables(["streams", "fills", "makes", "deletes"])),
  };
}
