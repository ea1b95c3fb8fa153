import { createHash } from "node:crypto";
import { integerDigits } from "../../contracts/bounds/wide-integers.ts";
import type { OperationId } from "../../contracts/operations.ts";
import { field, textField } from "../../contracts/step.ts";
import { packedRecords } from "../packed-records.ts";
import { kept } from "./names.ts";
import { type Call, type Headers, type Held, type Input, knownTo, type Party, unknownJob } from "./probe.ts";
import { ended, killHeld, look } from "./tries.ts";

/** Sessions of Bulk Import: whose they are, and each call in each state of one. */

const nobodys = "probe_nobodys";
const counts = { valid_records: 2, error_records: 3, valid_parts: 4, error_parts: 5 };

/** Every call about a session of this name. */
const calls = (name: string): Call[] => [
  ["bulk_import.upload_part", { name, part: "part", content: "AAEC" }],
  ["bulk_import.delete_part", { name, part: "part" }],
  ["bulk_import.list_parts", { name }],
  ["bulk_import.freeze", { name }],
  ["bulk_import.unfreeze", { name }],
  ["bulk_import.perform", { name }],
  ["bulk_import.commit", { name }],
  ["bulk_import.delete", { name }],
  ["bulk_import.show", { name }],
  ["bulk_import.error_records", { name }],
];

const packed = (...records: unknown[]): string => packedRecords(records);

/** A value of each kind that is no record, and a valid one. */
const inError = packed({ time: 1, a: "right" }, { a: 1 }, { time: "2" }, 7, null, ["time", 3], "x");
const alsoInError = packed({ time: 4, a: [1] }, { time: 5, a: { b: 2 ** 40 } }, { time: 1.5 }, { time: 6 });

/** What nobody has, asked by everybody. */
async function inVain(party: Party): Promise<void> {
  const into = { database: party.database, table: "probe_no_table" };
  const asked: Call[] = [
    ["bulk_import.create", { name: nobodys, ...into }],
    ...calls(nobodys),
    ["bulk_import.list", {}],
  ];
  await party.askEach([...party.others, party.customer], asked);
  const part = { job_id: unknownJob, attempt: 1 };
  await party.askEach(party.usurpers, [["worker.import_part", part]]);
  await party.asWorker(1, "worker.import_part", part);
}

const ranges: readonly Headers[] = [
  { range: "bytes=0-9" },
  { range: "bytes=-7" },
  { range: "bytes=3-999999999" },
  { range: "bytes=999999999-" },
  { range: "bytes=4-", "if-range": '"another-version"' },
];

/** A session of this customer, by the last word of each call. */
class Session {
  readonly name: string;
  readonly #party: Party;

  constructor(party: Party, more = "", name = `probe_${party.generation}`) {
    this.#party = party;
    this.name = `${name}${more}`;
  }

  /** The session is shown after whatever was asked of it. */
  async ask(what: string, input: Input = {}): Promise<void> {
    const { name } = this;
    const operation = `bulk_import.${what}` as OperationId;
    await this.#party.asCustomer(operation, { ...knownTo(operation, { name }), ...input });
    await this.#party.asCustomer("bulk_import.show", { name });
  }

  async all(...what: string[]): Promise<void> {
    for (const one of what) await this.ask(one);
  }

  /** Its job is not wanted any more; a perform tells it as a number, and the session as a text. */
  async kill(told?: string | null): Promise<void> {
    const shown = await this.#party.asCustomer("bulk_import.show", { name: this.name });
    const job_id = told ?? textField(shown?.body, "job_id") ?? unknownJob;
    await this.#party.asCustomer("job.kill", { job_id });
    await this.all("show");
  }

  /** A part of its records in error, by each form of a range. */
  async ranges(): Promise<void> {
    const { name } = this;
    for (const headers of ranges)
      await this.#party.asCustomer("bulk_import.error_records", { name }, headers);
  }

  upload(part: string, content: string): Promise<void> {
    return this.ask("upload_part", { part, content });
  }

  /** The job that is at it, in the hands of a worker; what it then says of its end. */
  async job(...reports: ((held: Held) => Input)[]): Promise<void> {
    const party = this.#party;
    const held = (await party.claim(1)) ?? { job_id: unknownJob, attempt: 1 };
    for (const after of [undefined, "B", "a", "a9", "b"])
      await party.asWorker(1, "worker.import_part", after === undefined ? held : { ...held, after });
    for (const report of reports) {
      const input = report(held);
      const isKill = input["status"] === "killed";
      if (isKill) await killHeld(party, held);
      await party.asWorker(1, "worker.finish", input);
      await this.all("show");
    }
    await look(party, held.job_id);
  }
}

const killed = (held: Held) => ended(held, "killed", { message: "it was asked for" });
const failed = (held: Held) => ended(held, "error", { message: "a part is gone" });
const uncounted = (held: Held) => ended(held, "success", { num_records: 2 });
const counted = (held: Held) => ended(held, "success", { num_records: 2, import_counts: counts });

/** Parts that come, come again and go, and what is refused before and behind a freeze. */
async function openAndFrozen(party: Party, session: Session): Promise<void> {
  const into = { database: party.database, table: kept(party.generation) };
  await session.ask("create", into);
  await session.ask("create", into);
  await session.upload("b", "AAEC");
  await session.upload("a", "");
  await session.upload("b", "AwQF");
  await session.upload("B", inError);
  await session.all(
    "error_records",
    "list_parts",
    "unfreeze",
    "commit",
    "freeze",
    "freeze",
    "commit",
    "list",
  );
  for (const part of ["c", "b"]) await session.upload(part, "AAEC");
  await session.ask("delete_part", { part: "a" });
  await session.all("list_parts", "unfreeze");
  await session.upload("c", "AAEC");
  await session.ask("delete_part", { part: "c" });
  await session.ask("delete_part", { part: "c" });
}

/** From its first part to its end, with every call that its state refuses on the way. */
async function whole(party: Party): Promise<void> {
  const session = new Session(party);
  await openAndFrozen(party, session);
  await party.askByOthers(calls(session.name));
  await session.all(
    "freeze",
    "error_records",
    "perform",
    "perform",
    "perform",
    "error_records",
    "delete",
    "unfreeze",
    "commit",
  );
  await session.job(uncounted, killed);
  await session.all("perform");
  await session.job(failed);
  await session.all("error_records", "unfreeze");
  await session.upload("b", alsoInError);
  await session.upload("d", "BgcI");
  const { body } = (await party.asCustomer("bulk_import.perform", { name: session.name })) ?? { body: null };
  await session.kill(integerDigits(field(body, "job_id")));
  await session.ask("perform", { priority: 2 });
  await session.job(counted, counted);
  await session.ranges();
  await session.all("error_records", "perform", "unfreeze", "freeze", "list", "commit", "error_records");
  await session.kill();
  await session.all("commit", "list_parts", "list", "commit", "commit", "perform", "delete");
  await session.job(killed);
  await session.all("commit");
  await session.job(uncounted, uncounted);
  await session.all(
    "commit",
    "commit",
    "perform",
    "freeze",
    "unfreeze",
    "list_parts",
    "list",
    "error_records",
  );
  await party.askByOthers([["bulk_import.error_records", { name: session.name }]]);
  await session.upload("c", "AAEC");
  await other(party);
  await session.all("error_records", "delete", "delete", "commit", "error_records");
}

/** One is how others begin, and more than a page has are before `b`, behind which a worker asks for the last. */
const parts = ["a", ...Array.from({ length: 21 }, (_, i) => `a${i}`), "c"];
/** Of what no packing makes less than 64 KiB. */
const long = Array.from({ length: 2_600 }, (_, i) =>
  createHash("sha256").update(`${i}`).digest("base64"),
).join("");

/** What is in error in it is its own, whatever other sessions its customer has. Its name comes before that of an older one. */
async function other(party: Party): Promise<void> {
  const session = new Session(party, "", `other_${party.generation}`);
  await session.ask("create", { database: party.database, table: kept(party.generation) });
  for (const part of parts)
    await party.asCustomer("bulk_import.upload_part", { name: session.name, part, content: "" });
  await session.upload("b", packed({ time: 7 }, { b: "other" }, { b: long }));
  await session.ask("delete_part", { part: "a" });
  await session.all("list_parts", "list", "perform");
  await session.job(counted);
  await session.all("error_records", "delete");
}

/** Under a name that another one had, and one as long as there is: nothing of another session is in it, and it needs no part. */
async function empty(party: Party): Promise<void> {
  for (const more of ["", "_".repeat(247)]) {
    const session = new Session(party, more);
    await session.ask("create", { database: party.database, table: kept(party.generation) });
    await session.all("list_parts", "list", "perform");
    await session.job(failed);
    await session.all("perform");
    await session.job(counted);
    await session.all("error_records", "list", "delete");
  }
}

/** Both customers have a session of this name at once. */
export async function twinSession(party: Party): Promise<void> {
  const session = new Session(party, "", "probe_twin");
  await session.ask("create", { database: party.database, table: kept(party.generation) });
  await session.upload(party.generation, packed({ time: 8 }));
  await session.all("list_parts", "freeze", "list", "perform");
  await session.kill();
  await session.all("delete");
}

export async function sessions(party: Party): Promise<void> {
  await inVain(party);
  await whole(party);
  await empty(party);
}
