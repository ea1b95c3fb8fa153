import { encode } from "@msgpack/msgpack";
import { lastSecond } from "../../contracts/operations/scheduled-queries.ts";
import { mostColumns, mostDepth, visibleWithinMs } from "../../contracts/operations/streaming-import.ts";
import { packedRecords } from "../packed-records.ts";
import { sideBySide } from "../side-by-side.ts";
import { daysOfProbe, type Party } from "./probe.ts";
import { StreamedTable } from "./tables/streamed.ts";
import { look } from "./tries.ts";

/** Streaming imports: whose tables chunks may go to, what is a chunk, and what a table is then shown to hold. */

const packed = (...records: unknown[]): string => packedRecords(records);

const time = 1_567_578_480;
const two = packed({ time, a: 1 }, { time: time + 2, b: "é", a: null });
const one = packed({ time: time + 1, c: 0.5, a: 2 });
const whole = Buffer.from(two, "base64");
/** So many lists within each other. */
function within(depth: number): unknown {
  return depth === 0 ? 1 : [within(depth - 1)];
}
/** Of these none may be taken. */
const noChunks: readonly string[] = [
  "",
  Buffer.from("time,a\n1,2\n").toString("base64"),
  Buffer.from(encode({ time })).toString("base64"),
  whole.subarray(0, -9).toString("base64"),
  packed({ time }, { a: 1 }),
  packed({ time: "1" }),
  packed({ time: 1.5 }),
  packed({ time, a: 2n ** 63n }),
  packed({ time, a: new Date(0) }),
  packed({ time, a: new Uint8Array(1) }),
  packed({ time, a: [new Uint8Array(1)] }),
  packed({ time, a: within(mostDepth + 1) }),
  packed({ time, Name: 1 }),
  packed({ time, "`a": 1 }),
  packed({ time, "a\n": 1 }),
  packed({ time, "0a": 1 }),
  packed([time]),
  packed({ time, ...Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`c${i}`, i])) }),
];
/** One that brings nothing is taken. */
const none = packed();

/** Its tables hold rows: it comes after the last look at the world, and deletes them. */
export async function streams(party: Party): Promise<void> {
  const table = new StreamedTable(party, `probe_${party.generation}_streamed`);
  await table.send("0a", two);
  await table.ask("table.create", { type: "log" });
  for (const content of noChunks) await table.send("0a", content);
  for (const more of [
    { format: "json.gz" },
    { unique_id: "0A" },
    { unique_id: "1".repeat(65) },
    { table: "probe_nothing" },
    { database: "probe_nowhere" },
  ])
    await table.send("0a", two, more);
  await table.send("ff", none);
  await party.askByOthers(["0a", null].map((id) => table.input(id, two)));
  await table.send("0a", two);
  await table.send("0a", two);
  await table.until(2);
  await table.send("0a", one);
  await table.send("0b", one);
  await table.send(null, one);
  await table.send(null, one);
  await table.until(5);
  await table.send("0b", one);
  await table.ask("table.show");
  if (party.hasDays) await daysLater(party, table);
  await Promise.all([moved(party, table), beside(party), wide(party)]);
}

/** What is promised for days is asked days later, where these cost nothing: ids of chunks, keys of orders, ends of jobs. */
async function daysLater(party: Party, table: StreamedTable): Promise<void> {
  const domain_key = `probe days ${party.generation}`;
  const id = await party.issue("SELECT 1", { domain_key });
  await party.asCustomer("job.kill", { job_id: id });
  await party.sleep(daysOfProbe);
  for (const unique_id of ["0a", "0b"]) await table.send(unique_id, one);
  await party.sleep(visibleWithinMs);
  await table.ask("table.show");
  await party.asCustomer("job.issue", party.order("SELECT 1", { domain_key }));
  await look(party, id);
}

/** Ids that are others for whoever compares to the letter and to the end. */
const ids: readonly string[] = ["0a", "a", "00a", `${"1".repeat(63)}2`, `${"1".repeat(63)}3`];
/** Each column of the first is of a wider type in the second. */
const plain = packed({ time: -1, a: 1, b: 1 });
const wider = packed({ time: 0, a: 0.25, b: "", f: true });
/** As many columns as a table may have. */
const widest = packed({
  time,
  ...Object.fromEntries(Array.from({ length: mostColumns - 1 }, (_, i) => [`c${i}`, i])),
});
/** Of as many records, each with its own last time: the last one that a timestamp can tell. */
const late = packed({ time: lastSecond, a: 1 }, { time: time - 9, a: 2 });
/** A service may take few chunks at once, and both customers send theirs. */
const atOnce = 2;

/** An id is of its table, each by itself; what comes at once is counted once as well. */
async function beside(party: Party): Promise<void> {
  const table = new StreamedTable(party, `probe_${party.generation}_beside`);
  await table.ask("table.create", { type: "log" });
  await table.send(null, plain);
  await table.until(1);
  await table.send(null, wider);
  await table.until(2);
  const chunks = [...ids, ...ids].map((id, i) => ({ id, content: i % 2 === 0 ? two : late }));
  await sideBySide(chunks, atOnce, ({ id, content }) => table.send(id, content));
  await table.until(2 + 2 * ids.length);
  await table.ask("table.delete");
}

/** A table that has as many columns as there may be, takes these, and no other. */
async function wide(party: Party): Promise<void> {
  // All columns of a database count towards what may be too many.
  const database = `probe_${party.generation}_wide`;
  const table = new StreamedTable(party, "probe_wide", database);
  await party.asCustomer("database.create", { database });
  await table.ask("table.create", { type: "log" });
  await table.send(null, widest);
  await table.until(1);
  for (const chunk of [packed({ time, c0: 1 }), packed({ time, c: 1 })]) await table.send(null, chunk);
  await table.until(2);
  await party.asCustomer("database.delete", { database });
}

/** A chunk is known by its table, whatever name that has, and its rows are there. */
async function moved(party: Party, table: StreamedTable): Promise<void> {
  const [name, other] = [`probe_${party.generation}_streamed`, `probe_${party.generation}_flowed`];
  const flowed = new StreamedTable(party, other);
  const rows = async () => {
    for (const one of [table, flowed]) await one.rows();
  };
  await table.ask("table.update_schema", { schema: '[["time","long"],["d","string","D d"]]' });
  await table.send("0c", packed({ time, d: 1, e: { f: [1, null, "é"], g: within(mostDepth - 1) } }));
  await table.until(6);
  // It may be taken under the one name and imported under the other.
  await Promise.all([
    party.asCustomer(...table.input("1c", one)),
    table.ask("table.rename", { new_name: other }),
  ]);
  await rows();
  await table.send("0d", one);
  for (const id of ["0d", "0a", "0b", "1c"]) await flowed.send(id, one);
  await flowed.until(8);
  // What is made under a name that a table had knows nothing of that one.
  await table.ask("table.create", { type: "log" });
  await rows();
  await table.send("0b", two);
  await table.until(2);
  await party.asCustomer("table.swap", { database: party.database, first: name, second: other });
  await rows();
  for (const one of [table, flowed]) await one.send("0b", two);
  await table.send("0f", two);
  await table.until(10);
  await flowed.until(2);
  await flowed.ask("table.rename", { new_name: name, overwrite: true });
  await rows();
  await table.until(2);
  await table.ask("table.delete");
  await rows();
  await flowed.send("0e", two);
  for (const one of [table, flowed]) await one.ask("table.create", { type: "log" });
  await rows();
  await flowed.send("0b", one);
  await flowed.until(1);
  for (const one of [table, flowed]) await one.ask("table.delete");
  await rows();
}
