import { packedRecords } from "../../packed-records.ts";
import type { Call, Party } from "../probe.ts";
import { StreamedTable } from "./streamed.ts";

/**
 * Tables of the same names in another database of their customer, and in one of the same name that another customer has: a
 * move is of one of them. Where names are compared by how they begin, others go with them.
 */

const database = "probe_beside";
const databases = [database, `${database}_too`];
const [one, two, three] = ["probe_one", "probe_one_two", "probe_one_two_three"] as const;

const moves: readonly Call[] = [
  ["table.update_schema", { table: two, schema: '[["id","long"]]' }],
  ["table.update", { table: two, expire_days: 7 }],
  ["table.swap", { first: one, second: two }],
  ["table.rename", { table: two, new_name: three }],
  ["table.delete", { table: one }],
  ["database.delete", {}],
];

/** Of as many records as nobody else of them has. */
const chunkOf = (records: number): string =>
  packedRecords(Array.from({ length: records }, (_, i) => ({ time: i, id: i })));

/** The tables of both customers, with other rows in each database; then one customer after the other moves its own. */
export async function neighbours(parties: readonly Party[]): Promise<void> {
  const filled: { again: () => Promise<void> }[] = [];
  for (const [i, party] of parties.entries()) {
    for (const [j, name] of databases.entries()) {
      await party.asCustomer("database.create", { database: name });
      for (const table of [one, two])
        await party.asCustomer("table.create", { database: name, table, type: "log" });
      const records = 1 + i + 2 * j;
      const table = new StreamedTable(party, one, name);
      await table.send("0a", chunkOf(records));
      await table.until(records);
      filled.push({ again: () => table.send("0a", chunkOf(9)) });
    }
  }
  for (const party of parties) {
    for (const [operation, input] of moves) {
      await party.asCustomer(operation, { database, ...input });
      await Promise.all(parties.map(look));
    }
    // Those that are there know what was sent to them.
    for (const table of filled) await table.again();
    await Promise.all(parties.map(look));
  }
  for (const party of parties)
    for (const name of databases) await party.asCustomer("database.delete", { database: name });
}

async function look(party: Party): Promise<void> {
  await party.askByCustomer([
    ...databases.map((name): Call => ["table.list", { database: name }]),
    ["database.list", {}],
  ]);
  for (const name of databases) for (const table of [one, two, three]) await party.count(name, table);
}
