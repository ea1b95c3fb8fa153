import type { OperationId } from "../../../contracts/operations.ts";
import { field, textField } from "../../../contracts/step.ts";
import { packedRecords } from "../../packed-records.ts";
import { type Call, type Input, type Party, unknownJob } from "../probe.ts";
import { insert } from "../tries.ts";

/**
 * Users whom only the whole of a word tells apart: of two accounts with one name and one email, of one account where a name is
 * another's email, with passwords that begin alike. What the key of a user opens is tried there too.
 */

const name = "Probe of both";
const email = "probe.both@probe.invalid";
const noKey = "1/of-nobody";

/** Longer than what is read by whoever cuts a password. */
const passwordOf = ({ generation }: Party): string => `${"of the probers ".repeat(6)}${generation}`;

interface User {
  add: (more: Input) => Promise<unknown>;
  ask: (operation: OperationId, input: Input) => Promise<unknown>;
  keys: (of: string) => Promise<string[]>;
  login: (more: Input) => Promise<unknown>;
}

const userOf = (party: Party): User => ({
  add: (more) => party.asCustomer("user.add", { name, email, password: passwordOf(party), ...more }),
  ask: (operation, input) => party.asCustomer(operation, input),
  keys: async (of) => {
    const keys = field((await party.asCustomer("user.apikeys", { name: of }))?.body, "apikeys");
    return Array.isArray(keys) ? keys.map(String) : [];
  },
  login: (more) =>
    party.ask("none", "user.authenticate", { user: email, password: passwordOf(party), ...more }),
});

export async function namesakes(all: readonly Party[]): Promise<void> {
  const parties = all.filter((party) => !party.lacks("user.remove"));
  for (const party of parties) await made(party);
  for (const party of parties) await logins(party);
  for (const party of parties) await opened(party, await namedAsEmail(party));
  for (const party of parties) await keyless(party);
}

async function made(party: Party): Promise<void> {
  const { add, ask, keys } = userOf(party);
  await ask("user.list", {});
  await add({});
  await keys(name);
  await ask("user.list", {});
}

async function logins(party: Party): Promise<void> {
  const { login } = userOf(party);
  const password = passwordOf(party);
  const others = [`${password} `, ` ${password}`, password.toUpperCase(), password.slice(0, 72)];
  const last = `${password.slice(0, -1)}0`;
  for (const wrong of [...others, last]) await login({ password: wrong });
  for (const user of [email, email.toUpperCase(), name]) await login({ user });
}

/** A name comes before an email, whoever was added first. @returns the keys of the user whose email it is */
async function namedAsEmail(party: Party): Promise<string[]> {
  const { add, ask, keys } = userOf(party);
  const other = `another.${email}`;
  await add({ name: email, email: other });
  await keys(other);
  await keys(email);
  await add({ name: "Another of both", email: `third.${email}` });
  await ask("user.list", {});
  await ask("user.add_apikey", { name: email });
  await keys(email);
  await ask("user.remove", { name: email });
  await ask("user.list", {});
  await ask("user.add_apikey", { name: email });
  return await keys(name);
}

/** All that the account may do, by the newest key of a user; none of its keys outlives the user. */
async function opened(party: Party, keys: readonly string[]): Promise<void> {
  const { ask } = userOf(party);
  const calls = callsOf(party, `probe_${party.generation}_by_key`);
  const bearing = (key: string) => ({ authorization: `TD1 ${key}` });
  const key = keys.at(-1) ?? noKey;
  const issued = await party.asCustomer("job.issue", party.order(insert), bearing(key));
  const job_id = textField(issued?.body, "job_id") ?? unknownJob;
  for (const [operation, input] of calls) await party.asCustomer(operation, input, bearing(key));
  await party.asCustomer("job.kill", { job_id }, bearing(key));
  await ask("user.remove", { name });
  for (const one of keys) await party.asCustomer("database.list", {}, bearing(one));
}

/** One of each kind is made, looked at and taken away. */
function callsOf(party: Party, database: string): Call[] {
  const scheduled = `probe by key ${party.generation}`;
  const into = { database, table: "probe_by_key" };
  const named = { name: database };
  const content = packedRecords([{ time: 1, a: 1 }]);
  return [
    ["database.create", { database }],
    ["table.create", { ...into, type: "log" }],
    ["table.import", { ...into, format: "msgpack.gz", content }],
    ["bulk_import.create", { ...named, ...into }],
    ["bulk_import.list", {}],
    ["bulk_import.delete", named],
    ["result.create", { ...named, url: "web://probe.invalid/rows" }],
    ["result.list", {}],
    ["result.delete", named],
    ["scheduled_query.create", party.scheduled(scheduled)],
    ["scheduled_query.list", {}],
    ["scheduled_query.delete", { name: scheduled }],
    ["table.delete", into],
    ["database.delete", { database }],
  ];
}

/** Who has no key left has no login, until there is another one. */
async function keyless(party: Party): Promise<void> {
  const { ask, keys, login } = userOf(party);
  const third = { name: "Another of both" };
  const user = `third.${email}`;
  for (const apikey of await keys(third.name)) await ask("user.remove_apikey", { ...third, apikey });
  await keys(third.name);
  await login({ user });
  await ask("user.add_apikey", third);
  await login({ user });
  await ask("user.remove", third);
  await ask("user.list", {});
}
