import { type Examined, examine } from "../check.ts";
import { type ApiFacts, apiChecks } from "./api.ts";
import { type DestinationFacts, destinationChecks } from "./destinations.ts";
import { type JobFacts, jobChecks } from "./jobs.ts";
import { type MysqlFacts, mysqlChecks } from "./mysql.ts";
import { type StartFacts, startChecks } from "./start.ts";
import { type WorldFacts, worldChecks } from "./world.ts";

/** All that was found by a system that was brought up alone, without a matrix. Null: it did not come to that. */
export interface AdapterFacts {
  start: StartFacts | null;
  api: ApiFacts | null;
  mysql: MysqlFacts | null;
  world: WorldFacts | null;
  jobs: JobFacts | null;
  destinations: DestinationFacts | null;
}

/** What nobody has brought up. */
export const notStarted: AdapterFacts = {
  start: null,
  api: null,
  mysql: null,
  world: null,
  jobs: null,
  destinations: null,
};

export function examineAdapter(facts: AdapterFacts): Examined[] {
  const { start, api, mysql, world, jobs, destinations } = facts;
  const without =
    start === null ? "it was not started: what stands above is in the way" : "the system did not come up";
  return [
    ...examine(startChecks, start, without),
    ...examine(apiChecks, api, without),
    ...examine(mysqlChecks, mysql, without),
    ...examine(worldChecks, world, without),
    ...examine(jobChecks, jobs, without),
    ...examine(destinationChecks, destinations, without),
  ];
}
