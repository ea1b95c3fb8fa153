import { firstOfRun } from "../../../contracts/operations/scheduled-queries.ts";
import type { OperationId } from "../../../contracts/operations.ts";
import { textField } from "../../../contracts/step.ts";
import { packedRecords } from "../../packed-records.ts";
import { bucket, source } from "../plain-inputs.ts";
import { type Held, type Input, knownTo, type Party, unknownJob } from "../probe.ts";
import { ended } from "../tries.ts";

/**
 * What outlives a table and its database: jobs in every state, sessions of Bulk Import and scheduled queries. They name them
 * as they were ordered, whatever becomes of them, and what is made again under the name is as good as the first.
 */

const columns = [["id", "bigint"]];

/** All that names a table and its database, and how its customer looks at it. */
class Naming {
  readonly database: string;
  readonly table: string;
  readonly renamed: string;
  readonly #party: Party;
  readonly #name: string;
  readonly #jobs: string[] = [];

  constructor(party: Party) {
    this.#party = party;
    this.#name = `probe_${party.generation}_left`;
    this.database = this.#name;
    this.table = `${this.#name}_one`;
    this.renamed = `${this.#name}_two`;
  }

  ask(operation: OperationId, input: Input = {}) {
    return this.#party.asCustomer(operation, { database: this.database, ...input });
  }

  /** The call moves or makes something; everything is looked at behind it. */
  async change(operation: OperationId, input: Input = {}): Promise<void> {
    await this.ask(operation, input);
    await this.look();
  }

  /** Each job by itself: elsewhere their list says the same. */
  async show(): Promise<void> {
    await this.#party.askByCustomer(this.#jobs.map((job_id) => ["job.show", { job_id }]));
  }

  async look(): Promise<void> {
    const page = { from: 0, to: 9 };
    await this.#party.askByCustomer([
      ["job.list", page],
      ["bulk_import.show", { name: this.#name }],
      ["bulk_import.list_parts", { name: this.#name }],
      ["scheduled_query.list", {}],
      ["scheduled_query.history", { name: this.#name, ...page }],
    ]);
  }

  /** A job in the hands of a worker. */
  async take(n: number, query: string): Promise<Held> {
    const held = await this.#party.take(n, query, this.#own());
    this.#jobs.push(held.job_id);
    return held;
  }

  query(query: string): Promise<void> {
    return this.order("job.issue", this.#party.order(query, this.#own()));
  }

  /** Words that have jobs are theirs, also where the database is another one by now. */
  async again(): Promise<void> {
    for (const n of [0, 1, 3])
      await this.#party.asCustomer("job.issue", this.#party.order("SELECT 1", this.#own(n)));
  }

  /** Whatever words the probe has used before. */
  #own(n = this.#jobs.length): Input {
    return { database: this.database, domain_key: `${this.#name} ${n}` };
  }

  async order(operation: OperationId, input: Input = {}): Promise<void> {
    const reply = await this.ask(operation, { ...knownTo(operation, { table: this.table }), ...input });
    this.#jobs.push(textField(reply?.body, "job_id") ?? unknownJob);
  }

  async keep(): Promise<void> {
    const { database, table } = this;
    const [name, part] = [this.#name, { part: "a", content: packedRecords([{ time: 7, id: 1 }]) }];
    await this.ask("bulk_import.create", { name, table });
    await this.#party.asCustomer("bulk_import.upload_part", { name, ...part });
    const query = `SELECT id FROM ${table}`;
    await this.#party.asCustomer("scheduled_query.create", this.#party.scheduled(name, { database, query }));
  }

  /** A run is of the query and the database that it was kept with, also where that is another one by now. */
  async run(): Promise<void> {
    const ran = await this.#party.asCustomer("scheduled_query.run", { name: this.#name, time: 60 });
    this.#jobs.push(firstOfRun(ran?.body) ?? unknownJob);
  }

  async forget(): Promise<void> {
    for (const operation of ["scheduled_query.delete", "bulk_import.delete"] as const)
      await this.#party.asCustomer(operation, { name: this.#name });
  }

  /** The newest one that waits. */
  async kill(): Promise<void> {
    await this.#party.asCustomer("job.kill", { job_id: this.#jobs.at(-1) ?? unknownJob });
  }

  /** All that waits is handed out as it was ordered. An end that nobody is told of. */
  async end(): Promise<void> {
    for (const held of await this.#party.claimAll(3))
      await this.#party.asWorker(3, "worker.finish", ended(held, "killed", { message: "enough" }));
    await this.look();
  }
}

export async function outliving(party: Party): Promise<void> {
  const naming = new Naming(party);
  const { table, renamed } = naming;
  await naming.ask("database.create");
  await naming.ask("table.create", { table, type: "log" });
  await naming.keep();
  const done = await naming.take(1, `SELECT id FROM ${table}`);
  const result = { num_records: 1, result_size: 30, result_schema: columns };
  await party.asWorker(1, "worker.finish", ended(done, "success", result));
  const held = await naming.take(2, `INSERT INTO ${table} SELECT 1`);
  await party.asWorker(2, "worker.heartbeat", held);
  await naming.run();
  await naming.query(`SELECT id FROM ${table}`);
  await naming.query(`INSERT INTO ${renamed} SELECT id FROM ${table}`);
  const range = { from: 0, to: 3_600 };
  await naming.order("table.partial_delete", range);
  await naming.change("table.rename", { table, new_name: renamed });
  await naming.change("table.rename", { table: renamed, new_name: table });
  await naming.change("table.delete", { table });
  await party.asWorker(2, "worker.heartbeat", held);
  await naming.change("database.delete");
  await naming.show();
  await party.asWorker(2, "worker.finish", ended(held, "error", { message: "there is no table" }));
  await naming.kill();
  await naming.end();
  await naming.change("database.create");
  await naming.ask("table.create", { table, type: "log" });
  await naming.again();
  await naming.order("table.partial_delete", range);
  await naming.order("table.export", bucket);
  await naming.order("connector.issue", { config: { in: source } });
  await naming.run();
  await naming.end();
  await naming.forget();
  await naming.ask("database.delete");
}
