import type { Call, Input, Party } from "./probe.ts";
import { ended, insert, look } from "./tries.ts";

/** Names of databases and tables: whose they are, who made them, and when they are there. */

export const kept = (generation: string, n = 1): string => `probe_${generation}_kept_${n}`;

/** Whether a place in the world is a table that the probe leaves known to the API: nothing takes it away again. */
export const isKept = (place: string): boolean => /\/probe_v\d_kept_\d$/.test(place);

/** Tables that jobs make: known after success, and forgotten after any other end. */
export async function tables(party: Party): Promise<void> {
  const { database, generation } = party;
  const columns = [
    ["id", "bigint"],
    ["Na Me", "string"],
  ];
  const make = async (table: string, status: string, isRegistered: boolean, words = "CREATE TABLE") => {
    const held = await party.take(1, `${words} ${table} AS SELECT 1`);
    const success = ended(held, "success", { num_records: 3 });
    await party.asWorker(1, "worker.finish", success);
    const registration = { ...held, database, table, columns };
    const registrations = [{ columns: [["id", "string"]] }, {}, {}];
    // It goes with the first one.
    const other = status === "success" ? [] : [{ table: `${table}_too` }];
    for (const more of isRegistered ? [...registrations, ...other] : [])
      await party.asWorker(1, "worker.register_table", { ...registration, ...more });
    await party.asCustomer("table.show", { database, table });
    await party.ask(party.stranger, "table.show", { database, table });
    await party.asWorker(
      1,
      "worker.finish",
      status === "success" ? success : ended(held, status, { message: "no space left" }),
    );
    await look(party, held.job_id);
    await party.asCustomer("table.show", { database, table });
    await party.asCustomer("table.list", { database });
  };
  await make(kept(generation), "success", true);
  await make(kept(generation), "error", true);
  await make(`probe_${generation}_gone`, "error", true);
  await make(`probe_${generation}_gone`, "killed", true, "\n Create\tTable");
  await make(`probe_${generation}_none`, "killed", false, "create table");
}

/** As short and as long as names may be, with digits in front, and one that both customers have. */
async function oddNames(party: Party, database: string): Promise<void> {
  const odd = [
    `p_${party.generation.at(-1)}`,
    `0_${party.generation}_`.padEnd(255, "x"),
    "probe_of_both",
    `p0${party.generation}`,
  ];
  for (const name of odd) {
    await party.asCustomer("database.create", { database: name });
    await party.asCustomer("table.create", { database, table: name, type: "log" });
    await party.asCustomer("table.show", { database: name, table: name });
    await party.asCustomer("table.list", { database: name });
  }
  await party.asCustomer("table.list", { database });
  await party.asCustomer("database.list", {});
}

/** What another customer runs by itself is not moved to a database of this one. */
async function scheduledElsewhere(party: Party, database: string): Promise<void> {
  const name = `probe elsewhere ${party.generation}`;
  const ask = (what: "create" | "update" | "delete", input: Input) =>
    party.ask(party.stranger, `scheduled_query.${what}`, { name, ...input });
  await ask("create", party.scheduled(name, { database: party.strangersDatabase }));
  await ask("update", { database });
  await ask("delete", {});
}

/** What a customer makes is there from then on, for itself alone. */
export async function names(party: Party): Promise<void> {
  const { database, generation, stranger } = party;
  const own = `probe_${generation}_made`;
  const looks: Call[] = [
    ["database.show", { database: own }],
    ["database.list", {}],
    ["table.list", { database: own }],
    ["table.show", { database: own, table: kept(generation) }],
    ["table.show", { database, table: kept(generation) }],
    ["table.list", { database }],
  ];
  const lookAround = () => party.askEach([party.customer, stranger], looks);
  const table = { database: own, table: kept(generation), type: "log" };
  await lookAround();
  await party.askEach(party.impostors, [
    ["database.create", { database: own }],
    ["table.create", { ...table, database }],
    ...looks,
  ]);
  await party.ask(stranger, "table.create", table);
  for (let times = 2; times > 0; times -= 1) await party.asCustomer("database.create", { database: own });
  for (const name of ["No Name", "Probe_Made", "probe-made", "pr", "p".repeat(256)])
    await party.asCustomer("database.create", { database: name });
  await lookAround();
  await party.asCustomer("table.create", { ...table, type: "item" });
  for (let times = 2; times > 0; times -= 1) await party.asCustomer("table.create", table);
  await party.asCustomer("table.create", { ...table, table: kept(generation, 2) });
  // Of that name there is a table in another database alone.
  const elsewhere = { name: `probe_${generation}_elsewhere`, database, table: kept(generation, 2) };
  await party.asCustomer("bulk_import.create", elsewhere);
  await party.asCustomer("bulk_import.list", {});
  await lookAround();
  await oddNames(party, own);
  await scheduledElsewhere(party, own);
  const id = await party.issue(insert, { database: own, domain_key: own });
  await party.asCustomer("job.issue", party.order(insert, { domain_key: own }));
  await party.asCustomer("job.kill", { job_id: id });
  await party.ask(stranger, "job.issue", party.order(insert, { database: own }));
}
