import { jobsOfRun } from "../../contracts/operations/scheduled-queries.ts";
import type { OperationId } from "../../contracts/operations.ts";
import { sideBySide } from "../side-by-side.ts";
import { kept } from "./names.ts";
import { type Input, knownTo, type Party } from "./probe.ts";

/** More of everything than a page of twenty has: lists have all of it, and pages of a history each job at its place. */

const most = 22;
/** More than a page of a hundred has, asked of one customer: each is made by a call of its own. */
const hundred = 101;
const atOnce = 4;

const namesOf = (word: string, count = most): string[] =>
  Array.from({ length: count }, (_, i) => `${word}_${i + 1}`);

/** Makes one under each name, has them listed, and deletes them. */
async function listed(
  party: Party,
  names: readonly string[],
  [create, list, remove]: readonly [OperationId, OperationId, OperationId],
  inputOf: (name: string) => Input,
): Promise<void> {
  await sideBySide(names, atOnce, (name) => party.asCustomer(create, inputOf(name)));
  await party.asCustomer(list, {});
  await sideBySide(names, atOnce, (name) => party.asCustomer(remove, knownTo(remove, inputOf(name))));
}

/** Sessions and scheduled queries, none of which has a job, and one with many. */
export async function manyThings(party: Party): Promise<void> {
  const { database, generation } = party;
  const into = { database, table: kept(generation) };
  await listed(
    party,
    namesOf(`probe_${generation}_many`),
    ["bulk_import.create", "bulk_import.list", "bulk_import.delete"],
    (name) => ({ name, ...into }),
  );
  await listed(
    party,
    namesOf(`probe many ${generation}`),
    ["scheduled_query.create", "scheduled_query.list", "scheduled_query.delete"],
    (name) => party.scheduled(name),
  );
  await listed(
    party,
    namesOf(`probe_${generation}_target`),
    ["result.create", "result.list", "result.delete"],
    (name) => ({ name, url: `web://probe.invalid/${name}` }),
  );
  await manyRuns(party, `probe runs ${generation}`);
}

const pages: readonly Input[] = [{ from: 0, to: 99 }, {}, { from: 3, to: 23 }, { from: 21, to: 99 }];

async function manyRuns(party: Party, name: string): Promise<void> {
  await party.asCustomer("scheduled_query.create", party.scheduled(name));
  const { body } = (await party.asCustomer("scheduled_query.run", { name, time: 60, num: most + 3 })) ?? {};
  await sideBySide(jobsOfRun(body), atOnce, (job_id) => party.asCustomer("job.kill", { job_id }));
  for (const page of pages) await party.asCustomer("scheduled_query.history", { name, ...page });
  await party.asCustomer("scheduled_query.delete", { name });
}

/** Databases of the one customer, and tables of the other. */
export async function manyNames([one, other]: readonly Party[]): Promise<void> {
  await Promise.all([one && manyDatabases(one), other && manyTables(other), other && manyUsers(other)]);
}

/** One after another: what calls that overlap leave behind is not known. A password takes its time. */
async function manyUsers(party: Party): Promise<void> {
  if (party.lacks("user.remove")) return;
  const [first, ...others] = namesOf("Probe one of many").map((name, i) => ({
    name,
    email: `many.${i}@probe.invalid`,
    password: "the same for each",
  }));
  if (first === undefined) return;
  const { name } = first;
  for (const user of [first, ...others]) await party.asCustomer("user.add", user);
  await party.asCustomer("user.list", {});
  for (const _ of others) await party.asCustomer("user.add_apikey", { name });
  await party.asCustomer("user.apikeys", { name });
  for (const user of [first, ...others]) await party.asCustomer("user.remove", { name: user.name });
  await party.asCustomer("user.list", {});
}

const manyDatabases = (party: Party): Promise<void> =>
  listed(
    party,
    namesOf(`probe_${party.generation}_many`, hundred),
    ["database.create", "database.list", "database.delete"],
    (database) => ({ database }),
  );

async function manyTables(party: Party): Promise<void> {
  const database = `probe_${party.generation}_full`;
  await party.asCustomer("database.create", { database });
  await sideBySide(namesOf("probe_many", hundred), atOnce, (table) =>
    party.asCustomer("table.create", { database, table, type: "log" }),
  );
  await party.asCustomer("table.list", { database });
  await party.asCustomer("database.delete", { database });
}
