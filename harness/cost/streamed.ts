import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import { visibleWithinMs } from "../../contracts/operations/streaming-import.ts";
import { field } from "../../contracts/step.ts";
import type { Millis } from "../../contracts/values.ts";
import type { Input, Party } from "../probe/probe.ts";
import { type Counters, countedBetween, shared } from "./counters.ts";
import type { Figures } from "./figures.ts";
import { figuresOf } from "./sampled.ts";

/** How often it is counted; before that once uncounted, since what is new costs more. */
const rounds = 3;
const chunksOfRound = 16;
const lookMs: Millis = 1_000;

const content = gzipSync(encode({ time: 1_567_578_480, a: "é", b: 0.5 })).toString("base64");

/** A chunk of streaming import. */
export const chunkInto = (party: Party, table: string, unique_id: string): Input => ({
  database: party.database,
  table,
  format: "msgpack.gz",
  unique_id,
  content,
});

/**
 * What a chunk costs at MySQL until its records are seen, which the service does after it has answered; with its share of the
 * look that shows them.
 */
export async function costOfChunks(party: Party, read: () => Promise<Counters>): Promise<Figures> {
  const of = `a chunk of streaming import, until it is seen, in ${party.generation}`;
  const table = `cost_streamed_${party.generation}`;
  const into = { database: party.database, table };
  await party.asCustomer("table.create", { ...into, type: "log" });
  const samples: Counters[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const before = await read();
    for (let n = 0; n < chunksOfRound; n += 1)
      await party.asCustomer("table.import_with_id", chunkInto(party, table, `${round}${n.toString(16)}`));
    const records = (round + 1) * chunksOfRound;
    if (!(await isSeen(party, into, records)))
      return { figures: [], uncounted: { [of]: `its table was not shown with ${records} records in time` } };
    if (round > 0) samples.push(shared(countedBetween(before, await read()), chunksOfRound));
  }
  await party.asCustomer("table.delete", into);
  return { figures: figuresOf(of, samples), uncounted: {} };
}

/** A chunk by each operation, until both are seen. */
export async function streamOnce(party: Party): Promise<void> {
  const table = `cost_streamed_${party.generation}`;
  const into = { database: party.database, table };
  await party.asCustomer("table.create", { ...into, type: "log" });
  const { unique_id: _, ...chunk } = chunkInto(party, table, "a");
  const taken = await party.asCustomer("table.import", chunk);
  await party.asCustomer("table.import_with_id", chunkInto(party, table, "b"));
  if (taken !== null) await isSeen(party, into, 2);
  await party.asCustomer("table.delete", into);
}

async function isSeen(party: Party, into: Input, records: number): Promise<boolean> {
  for (let waited = 0; waited < 2 * visibleWithinMs; waited += lookMs) {
    await party.sleep(lookMs);
    const reply = await party.asCustomer("table.show", into);
    if (Number(field(reply?.body, "count")) >= records) return true;
  }
  return false;
}
