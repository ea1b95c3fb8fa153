import type { Acknowledged } from "./acknowledged.ts";
import type { Found } from "./found.ts";

/** What customers send in, and what is due, after the promotion. */

/** Tells the line unless it is right. */
export type Say = (isRight: boolean, line: string) => void;

const timesIn = <T>(all: readonly T[], one: T): number => all.filter((other) => other === one).length;

export function judgedChunks({ chunks, events }: Found, record: Acknowledged, say: Say): void {
  const stored = new Set(chunks.map(({ account, id }) => `${account} ${id}`));
  for (const [id, { account, time }] of record.chunks) {
    say(stored.has(`${account} ${id}`), "a chunk was acknowledged and is lost");
    const times = events.find((table) => table.account === account)?.times ?? [];
    say(times.includes(time), "a chunk was acknowledged and its row is not in the table");
  }
  for (const { isImported } of chunks) say(isImported, "a chunk does not come into its table");
  for (const { count, lastLogAt, times, columns, columnsThere } of events) {
    say(new Set(times).size === times.length, "the row of a chunk is there twice");
    const last = times.length === 0 ? null : Math.max(...times) * 1000;
    say(count === times.length && lastLogAt === last, "a table and what is counted of it do not agree");
    say(String(columns) === String(columnsThere), "a table and its columns do not agree");
  }
}

/** What may be seen when nothing is under way: a session says what its newest job has come to. */
const agreeing: ReadonlySet<string> = new Set([
  "uploading, no job",
  "ready, import_perform success",
  "uploading, import_perform killed",
  "committed, import_commit success",
  "ready, import_commit killed",
]);

export function judgedSessions(
  { sessions, parts, jobs, warehouse }: Found,
  record: Acknowledged,
  say: Say,
): void {
  const rowsOf = (of: { account: number; name: string }) =>
    warehouse.loaded.filter(({ account, session }) => account === of.account && session === of.name);
  for (const [name, { account, parts: taken, isCommitted }] of record.sessions) {
    const session = sessions.find((one) => one.name === name && one.account === account);
    say(session !== undefined, "a session was acknowledged and is lost");
    for (const part of taken.keys())
      say(
        parts.filter((one) => one.session === name && one.name === part).length === 1,
        "a part was acknowledged and is lost",
      );
    if (!isCommitted) continue;
    say(session?.status === "committed", "a commit was acknowledged and is lost");
    const times = rowsOf({ account, name }).map(({ time }) => Number(time));
    for (const time of [...taken.values()].flat()) {
      say(timesIn(times, time) > 0, "a record was committed and is not in the table");
      say(timesIn(times, time) < 2, "a record was committed once and is there twice");
    }
  }
  for (const { account, name, status, job: id, validRecords } of sessions) {
    const job = jobs.find((one) => one.id === id);
    say(
      agreeing.has(`${status}, ${job === undefined ? "no job" : `${job.type} ${job.status}`}`),
      "a session and its job do not agree",
    );
    const taken = [...(record.sessions.get(name)?.parts.values() ?? [])].flat().length;
    if (status === "ready" || status === "committed")
      say(validRecords === taken, "a session counts other records than were taken");
    if (status !== "committed")
      say(
        rowsOf({ account, name }).length === 0,
        "a session is not committed and its records are in the table",
      );
  }
}

const minute = 60_000;

/** Each due time has its job, once, after the one before. */
export function judgedDueTimes({ scheduled, runs, jobs }: Found, record: Acknowledged, say: Say): void {
  const dueOf = new Map(runs.map(({ job, at }) => [job, at]));
  for (const [job, at] of record.due)
    say(dueOf.get(job) === Date.parse(at), "a job of a due time was shown and is lost");
  for (const { id, createdAt, nextAt } of scheduled) {
    const issued = jobs.filter((job) => job.scheduled === id).sort((a, b) => Number(a.id) - Number(b.id));
    const times = issued.map((job) => dueOf.get(job.id) ?? 0);
    say(!times.includes(0), "a scheduled query has a job of no due time");
    say(new Set(times).size === times.length, "a due time has two jobs");
    say(
      times.every((time, i) => i === 0 || time >= (times[i - 1] as number)),
      "jobs of due times are out of their order",
    );
    const first = Math.floor(createdAt / minute) * minute + minute;
    for (let at = first; at < (nextAt ?? 0); at += minute)
      say(times.includes(at), "a due time has passed and has no job");
  }
}
