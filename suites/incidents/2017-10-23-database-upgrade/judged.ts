import { isTerminal } from "../../../contracts/job.ts";
import type { Acknowledged } from "./acknowledged.ts";
import type { Found, Job } from "./found.ts";
import { judgedChunks, judgedDueTimes, judgedSessions, type Say } from "./judged-imports.ts";
import { judgedOrders } from "./judged-orders.ts";

/** What the primary of afterwards has, against what was acknowledged and what is in the warehouse. */

export const areOver = (jobs: readonly Job[]): boolean => jobs.every(({ status }) => isTerminal(status));

/** Each kind of wrong is a line, however many jobs it befell. */
export function judged(all: Found, record: Acknowledged): string[] {
  const { jobs } = all;
  const wrong = record.wrong;
  const found = new Map(jobs.map((job) => [job.id, job]));
  const say: Say = (isRight, line) => void (isRight || wrong.add(line));

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
    const isThere = all.registered.some((table) => table.name === name && table.job === job);
    // The table of a job that did not succeed is taken back.
    if (found.get(job)?.status === "success")
      say(isThere, "a table was registered and its registration is lost");
  }
  for (const job of jobs) judgedAlone(job, record, all, say);
  judgedChunks(all, record, say);
  judgedSessions(all, record, say);
  judgedDueTimes(all, record, say);
  judgedOrders(all, record, say);
  return [...wrong].sort();
}

function judgedAlone(
  { id, account, query, status, message, receiptRows, records }: Job,
  record: Acknowledged,
  { warehouse }: Found,
  say: Say,
): void {
  say(isTerminal(status), "a job does not end");
  say(status !== "killed" || record.kills.has(id), "a job is killed and nobody asked for it");
  say(status !== "error", `a job ends in error: ${message ?? "without a word"}`);
  const [, made] = /^CREATE TABLE (\w+)/.exec(query) ?? [];
  const isSuccess = status === "success";
  if (made !== undefined) {
    say(warehouse.has(account, made) === isSuccess, "a table and its job do not agree");
    say(!isSuccess || record.tables.has(made), "a table is there and nobody has registered it");
  }
  if (/^INSERT|^BULK IMPORT COMMIT|^DELETE|^LOAD/.test(query))
    say((record.effects.get(id) ?? 0) === (isSuccess ? 1 : 0), "rows and the end of their job do not agree");
  if (record.receipts.has(id) && isSuccess) say(receiptRows === records, "a receipt is not of all rows");
}
