import type { Pool, RowDataPacket } from "mysql2/promise";
import { isTerminal, type JobStatus } from "../../../contracts/job.ts";
import type { MemoryWarehouse } from "../../../fixtures/in-process/memory-warehouse.ts";
import type { Acknowledged } from "./acknowledged.ts";

/** What the primary of afterwards has, against what was acknowledged and what is in the warehouse. */

interface Job {
  id: string;
  account: number;
  query: string;
  key: string | null;
  status: JobStatus;
  records: number | null;
  message: string | null;
  receiptAttempt: number | null;
  receiptRows: number | null;
  receiptChecksum: string | null;
}

export async function jobsOf({ everything }: { everything: Pool }): Promise<Job[]> {
  const columns = `CAST(id AS CHAR) AS id, account_id AS account, query, domain_key AS \`key\`, status, num_records AS records, message,
    receipt_attempt AS receiptAttempt, receipt_rows AS receiptRows, receipt_checksum AS receiptChecksum`;
  const [rows] = await everything.query<RowDataPacket[]>(
    `SELECT ${columns} FROM jobs.jobs UNION ALL SELECT ${columns} FROM jobs.archived_jobs`,
  );
  return rows.map(
    (row) =>
      ({
        ...row,
        ...Object.fromEntries(
          ["account", "records", "receiptAttempt", "receiptRows"].map((name) => [
            name,
            row[name] === null ? null : Number(row[name]),
          ]),
        ),
      }) as Job,
  );
}

export const areOver = (jobs: readonly Job[]): boolean => jobs.every(({ status }) => isTerminal(status));

/** Each kind of wrong is a line, however many jobs it befell. */
export async function judged(
  primary: { everything: Pool },
  record: Acknowledged,
  warehouse: MemoryWarehouse,
): Promise<string[]> {
  const jobs = await jobsOf(primary);
  const [registered] = await primary.everything.query<RowDataPacket[]>(
    "SELECT name, CAST(origin_job AS CHAR) AS job FROM jobs.`tables`",
  );
  const wrong = record.wrong;
  const found = new Map(jobs.map((job) => [job.id, job]));
  const say = (isRight: boolean, line: string) => void (isRight || wrong.add(line));

  for (const [id, { account, query, domainKey }] of record.jobs) {
    const job = found.get(id);
    const isItself = job?.query === query && job.account === account && job.key === domainKey;
    say(isItself, "a job was acknowledged and is lost");
    say(job === undefined || isItself, "the id of one job was given to another one");
  }
  for (const [query, said] of record.once) {
    const count = jobs.filter((job) => job.query === query).length;
    if (said === "refused") say(count === 0, "a job was refused and is stored all the same");
    say(count < 2, "a job that was sent once is there twice");
  }
  for (const [id, { status, num_records }] of record.ends) {
    const job = found.get(id);
    const isKept = job === undefined || (job.status === status && job.records === (num_records ?? null));
    say(isKept, "an end was acknowledged and is lost");
  }
  for (const [id, { attempt, rows, checksum }] of record.receipts) {
    const job = found.get(id);
    const isKept =
      job === undefined ||
      (job.receiptAttempt === attempt && job.receiptRows === rows && job.receiptChecksum === checksum);
    say(isKept, "a receipt was acknowledged and is lost");
  }
  for (const [id, former] of record.kills)
    if (former === "queued")
      say((found.get(id)?.status ?? "killed") === "killed", "a kill was acknowledged and is lost");
  for (const [id, end] of record.seenEnds)
    say((found.get(id)?.status ?? end) === end, "a job that had ended changes its end");
  for (const [name, job] of record.tables) {
    const isThere = registered.some((table) => table["name"] === name && table["job"] === job);
    // The table of a job that did not succeed is taken back.
    if (found.get(job)?.status === "success")
      say(isThere, "a table was registered and its registration is lost");
  }
  const [chunks] = await primary.everything.query<RowDataPacket[]>(
    "SELECT MAX(unique_id) AS id, COUNT(*) AS n FROM jobs.chunks GROUP BY account_id, content",
  );
  const stored = new Map(chunks.map(({ id, n }) => [String(id), Number(n)]));
  for (const id of record.chunks) say(stored.has(id), "a chunk was acknowledged and is lost");
  for (const n of stored.values()) say(n === 1, "a chunk is there twice");
  for (const job of jobs) judgedAlone(job, record, warehouse, say);
  return [...wrong].sort();
}

function judgedAlone(
  { id, account, query, status, message, receiptRows, records }: Job,
  record: Acknowledged,
  warehouse: MemoryWarehouse,
  say: (isRight: boolean, line: string) => void,
): void {
  say(isTerminal(status), "a job does not end");
  say(status !== "killed" || record.kills.has(id), "a job is killed and nobody asked for it");
  say(status !== "error", `a job ends in error: ${message ?? "without a word"}`);
  const [, made] = /^CREATE TABLE (\w+)/.exec(query) ?? [];
  const isSuccess = status === "success";
  if (made !== undefined) {
    say((warehouse.rowsOf(account, "shop", made) !== null) === isSuccess, "a table and its job do not agree");
    say(!isSuccess || record.tables.has(made), "a table is there and nobody has registered it");
  }
  if (query.startsWith("INSERT"))
    say((record.inserts.get(id) ?? 0) === (isSuccess ? 1 : 0), "rows and the end of their job do not agree");
  if (record.receipts.has(id) && isSuccess) say(receiptRows === records, "a receipt is not of all rows");
}
