import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import { visibleWithinMs } from "../../contracts/operations/streaming-import.ts";
import { field } from "../../contracts/step.ts";
import type { Millis } from "../../contracts/values.ts";
import type { Input, Party } from "../probe/probe.ts";
import { type Counters, countedBetween, shared } from "./counters.ts";
import type { Figures } from "./figures.ts";
import { figuresOf, samplesOfCall } from "./sampled.ts";

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
  return await withTable(party, async (table) => {
    const samples: Counters[] = [];
    for (let round = 0; round <= samplesOfCall; round += 1) {
      const before = await read();
      for (let n = 0; n < chunksOfRound; n += 1)
        await party.asCustomer("table.import_with_id", chunkInto(party, table, `${round}${n.toString(16)}`));
      const records = (round + 1) * chunksOfRound;
      if (!(await isSeen(party, table, records)))
        return {
          figures: [],
          uncounted: { [of]: `its table was not shown with ${records} records in time` },
        };
      if (round > 0) samples.push(shared(countedBetween(before, await read()), chunksOfRound));
    }
    return { figures: figuresOf(of, samples), uncounted: {} };
  });
}

/** A chunk by each operation, until both are seen. */
export const streamOnce = (party: Party): Promise<void> =>
  withTable(party, async (table) => {
    const { unique_id: _, ...chunk } = chunkInto(party, table, "a");
    const taken = await party.asCustomer("table.import", chunk);
    await party.asCustomer("table.import_with_id", chunkInto(party, table, "b"));
    if (taken !== null) await isSeen(party, table, 2);
  });

/** A table that is there for as long as it is used. */
async function withTable<T>(party: Party, use: (table: string) => Promise<T>): Promise<T> {
  const { database, generation } = party;
  const table = `cost_streamed_${generation}`;
  await party.asCustomer("table.create", { database, table, type: "log" });
  const given = await use(table);
  await party.asCustomer("table.delete", { database, table });
  return given;
}

async function isSeen(party: Party, table: string, records: number): Promise<boolean> {
  for (let waited = 0; waited < 2 * visibleWithinMs; waited += lookMs) {
    await party.sleep(lookMs);
    const reply = await party.asCustomer("table.show", { database: party.database, table });
    if (Number(field(reply?.body, "count")) >= records) return true;
  }
  return false;
}
