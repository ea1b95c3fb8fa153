import type { OperationId } from "../../contracts/operations.ts";
import { kept } from "./names.ts";
import type { Call, Input, Party } from "./probe.ts";
import { ended, look } from "./tries.ts";

/**
 * Databases and tables that are deleted, renamed, swapped and altered: in every state, by everybody. All that is made here
 * is deleted again, where the API can.
 */

const said = '[["id","long"],["Na Me","string","Na Me"],["größe","double"]]';
const other = [["time", "long"]];
/** Names by which any folding, cutting, trimming or taking of two for one shows. */
const odd = JSON.stringify([
  ["id", "long"],
  ["id", "int", "ID"],
  [" pad ", "string "],
  ["\u{1F600}", "string"],
  ["c".repeat(300), "double"],
]);

/** Every move of a table of this name, and of another one. */
const movesOf = (database: string, table: string, second: string): Call[] => [
  ["table.update_schema", { database, table, schema: said }],
  ["table.update", { database, table, expire_days: 7 }],
  ["table.rename", { database, table, new_name: second }],
  ["table.rename", { database, table, new_name: second, overwrite: "true" }],
  ["table.swap", { database, first: table, second }],
  ["table.swap", { database, first: second, second: table }],
  ["table.delete", { database, table }],
];

class Catalog {
  readonly #party: Party;
  readonly #tables: readonly string[];
  readonly database: string;

  /** @param tables the names that may be there */
  constructor(party: Party, database: string, tables: readonly string[]) {
    this.#party = party;
    this.#tables = tables;
    this.database = database;
  }

  /** Everything is looked at after whatever was asked. */
  async ask(what: string, input: Input = {}): Promise<void> {
    await this.#party.asCustomer(what as OperationId, { database: this.database, ...input });
    await this.look();
  }

  async look(): Promise<void> {
    const { database } = this;
    await this.#party.askByCustomer([
      ...this.#tables.map((table): Call => ["table.show", { database, table }]),
      ["table.list", { database }],
      ["database.list", {}],
    ]);
  }

  make(table: string): Promise<void> {
    return this.ask("table.create", { table, type: "log" });
  }

  alter(table: string, schema: unknown): Promise<void> {
    return this.ask("table.update_schema", { table, schema });
  }

  rename(table: string, new_name: string, overwrite?: unknown): Promise<void> {
    return this.ask("table.rename", { table, new_name, ...(overwrite === undefined ? {} : { overwrite }) });
  }

  swap(first: string, second: string): Promise<void> {
    return this.ask("table.swap", { first, second });
  }

  delete(table: string): Promise<void> {
    return this.ask("table.delete", { table });
  }
}

/** What customers make, from its first day to its last. */
export async function movesOfMade(party: Party): Promise<void> {
  const { generation } = party;
  const database = `probe_${generation}_moved`;
  // One begins as the other.
  const [one, two] = [`${database}_one_two`, `${database}_one`];
  // Another database has one of this name too.
  const three = kept(generation, 2);
  const catalog = new Catalog(party, database, [one, two, three]);
  const all = movesOf(database, one, two);
  await catalog.ask("database.delete");
  await party.askByCustomer(all);
  await catalog.ask("database.create");
  await party.askByCustomer(all);
  await catalog.make(one);
  await catalog.swap(one, two);
  await catalog.swap(one, one);
  await catalog.alter(one, said);
  await catalog.make(two);
  await catalog.alter(two, other);
  await party.askByOthers([...all, ["database.delete", { database }]]);
  await catalog.look();
  await catalog.swap(one, two);
  await catalog.swap(two, one);
  await catalog.swap(two, one);
  await catalog.alter(one, said);
  await catalog.alter(one, "[]");
  await catalog.alter(one, said);
  for (const schema of ["", "{}", '[["id"]]', '[["id","long","key"]]', odd])
    await party.asCustomer("table.update_schema", { database, table: one, schema });
  await catalog.rename(one, two);
  await catalog.rename(one, one);
  await catalog.rename(one, one, true);
  await catalog.rename(one, two, null);
  await catalog.rename(one, two, "false");
  await catalog.rename(one, three);
  await catalog.rename(one, three);
  await catalog.make(one);
  await catalog.rename(three, two, "true");
  await catalog.rename(two, three, true);
  await catalog.delete(two);
  await catalog.make(two);
  for (let times = 2; times > 0; times -= 1) await catalog.delete(two);
  await catalog.delete(three);
  await catalog.make(three);
  await catalog.ask("database.delete");
  await party.asCustomer("table.list", { database: `probe_${generation}_made` });
  await catalog.make(one);
  await catalog.ask("database.create");
  await catalog.make(three);
  await catalog.ask("database.delete");
  await catalog.ask("database.delete");
}

/** A table that has been there for a while when it is moved. @returns what moves it, and takes it away */
export async function movedLater(party: Party): Promise<() => Promise<void>> {
  const [one, two] = [kept(party.generation, 8), kept(party.generation, 9)];
  const catalog = new Catalog(party, party.database, [one, two]);
  if (party.lacks("table.delete")) return async () => {};
  await catalog.make(one);
  return async () => {
    await catalog.rename(one, two);
    await catalog.delete(two);
  };
}

/** What jobs make: theirs until they end, and then as any other. */
export async function movesOfRegistered(party: Party): Promise<void> {
  const { database, generation } = party;
  const [one, two] = [kept(generation, 8), kept(generation, 9)];
  const catalog = new Catalog(party, database, [one, two]);
  if (party.lacks("table.delete")) return;
  await catalog.make(two);
  const held = await party.take(1, `CREATE TABLE ${one} AS SELECT 1`);
  const registration = { ...held, database, table: one, columns: [["id", "bigint"]] };
  await party.asWorker(1, "worker.register_table", registration);
  for (const [operation, input] of [
    ...movesOf(database, one, two),
    ["table.rename", { database, table: two, new_name: one, overwrite: "true" }],
    ["database.delete", { database }],
  ] as const)
    await party.asCustomer(operation, input);
  await catalog.look();
  await party.asWorker(1, "worker.finish", ended(held, "success", { num_records: 1 }));
  await catalog.swap(one, two);
  await catalog.rename(two, one, "true");
  await catalog.delete(one);
  await party.asWorker(1, "worker.register_table", registration);
  await look(party, held.job_id);
  await catalog.look();
}
