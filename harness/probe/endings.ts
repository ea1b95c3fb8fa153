import type { Input, Party } from "./probe.ts";
import { ended, insert, look } from "./tries.ts";

/** Reports in values that are long, large or odd: they reach the customer as they are. */

/** As long as a message may be, with what is cut, trimmed or replaced elsewhere. */
const message = ` line 1: "é" e\u0301 \u{1F600} \t\\n <b>\r\n second line `.padEnd(1_999, "x") + " ";

interface Ending {
  query: string;
  status: string;
  report: Input;
  /** The same end in other words, which come too late. */
  again: Input;
}

const endings: readonly Ending[] = [
  { query: insert, status: "error", report: { message }, again: { message: "in other words" } },
  { query: insert, status: "killed", report: { message }, again: { message: "in other words" } },
  { query: insert, status: "error", report: { message: "" }, again: { message: "in other words" } },
  { query: insert, status: "success", report: { num_records: 5_000_000_000 }, again: { num_records: 1 } },
  {
    query: "INSERT INTO probes SELECT 'create table t as'",
    status: "success",
    report: { num_records: 0 },
    again: { num_records: 1 },
  },
  {
    query: "SELECT 1",
    status: "success",
    report: {
      num_records: 70_000,
      result_size: 5_000_000_000,
      result_schema: [
        ["Na Me", "decimal(38,10)"],
        ["Na Me", "string"],
        ['`"\\é', "bigint"],
      ],
    },
    again: { num_records: 70_000, result_size: 1, result_schema: [["a", "string"]] },
  },
  {
    query: "SELECT 1",
    status: "success",
    report: { num_records: 0, result_size: 0, result_schema: [] },
    again: { num_records: 0, result_size: 1, result_schema: null },
  },
  {
    query: "SELECT 1 FROM nothing",
    status: "success",
    report: { num_records: 0, result_size: 20, result_schema: [["_col0", "bigint"]] },
    again: { num_records: 0, result_size: 20, result_schema: null },
  },
];

/** The first report of an end counts, and is all that is shown of it. */
export async function ends(party: Party): Promise<void> {
  for (const { query, status, report, again } of endings) {
    const held = await party.take(1, query);
    await party.asWorker(1, "worker.heartbeat", held);
    await party.asWorker(1, "worker.finish", ended(held, status, report));
    await party.asCustomer("job.show", { job_id: held.job_id });
    await party.asWorker(1, "worker.finish", ended(held, status, again));
    await look(party, held.job_id);
  }
}
