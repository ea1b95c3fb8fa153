import type { Landed } from "../../../destinations/destination.ts";
import { kindNamed } from "../../../destinations/index.ts";
import { destinationNameOf, serviceTableOf } from "../../../schedule/scenario.ts";
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
