import { describe, expect, test } from "vitest";
import { Acknowledged } from "./acknowledged.ts";
import type { Found, Job } from "./found.ts";
import { judged } from "./judged.ts";

/** Each line of the judgement, seen once: what is right with one thing changed. */

const minute = 60_000;
const columns = ["time", "of"];

const job = (id: string, query: string, more: Partial<Job> = {}): Job => ({
  id,
  account: 1,
  query,
  url: null,
  key: null,
  type: "presto",
  status: "success",
  records: 2,
  message: null,
  receiptAttempt: null,
  receiptRows: null,
  receiptChecksum: null,
  scheduled: null,
  ...more,
});

const delivering = [
  ["11", "an export"],
  ["12", "a result export"],
  ["13", "a delivery"],
] as const;
const loadedRows = () => [1, 2].map((line) => [1, "l1_", line]);

/** One of everything, all of it right. */
function right(): { found: Found; record: Acknowledged } {
  const record = new Acknowledged();
  record.issued("1", { account: 1, query: "SELECT 1", domainKey: "one" });
  record.once.set("SELECT 2", "refused");
  record.ends.set("1", { status: "success", num_records: 2, message: null });
  record.receipts.set("1", { attempt: 1, rows: 2, checksum: "x" });
  record.kills.set("2", "queued");
  record.seenEnds.set("2", "killed");
  record.tables.set("made", "3");
  record.effects.set("4", 1);
  record.effects.set("6", 1);
  record.effects.set("9", 1);
  record.effects.set("10", 1);
  const range = { table: "visits", from: 0, to: 3600 };
  const deletion = "DELETE FROM visits WHERE time >= 0 AND time < 3600";
  record.orders.set("9", {
    account: 1,
    what: "a load",
    mark: "l1_",
    does: { loads: "connected", lines: [1, 2] },
  });
  record.orders.set("10", { account: 1, what: "a deletion", mark: deletion, does: { deletes: range } });
  for (const [id, what] of delivering)
    record.orders.set(id, { account: 1, what, mark: `d${id}_`, does: { delivers: [[1], [2]] } });
  record.chunks.set("c1", { account: 1, time: 10 });
  record.sessions.set("s", { account: 1, parts: new Map([["a", [1, 2]]]), isCommitted: true });
  record.sessions.set("open", { account: 1, parts: new Map(), isCommitted: false });
  record.due.set("7", new Date(minute).toISOString());
  const receipt = { receiptAttempt: 1, receiptRows: 2, receiptChecksum: "x" };
  return {
    record,
    found: {
      jobs: [
        job("1", "SELECT 1", { key: "one", ...receipt }),
        job("2", "SELECT 3", { status: "killed" }),
        job("3", "CREATE TABLE made AS SELECT 1"),
        job("4", "INSERT INTO sink SELECT 1"),
        job("5", "BULK IMPORT PERFORM s INTO loaded", { type: "import_perform" }),
        job("6", "BULK IMPORT COMMIT s INTO loaded", { type: "import_commit" }),
        job("7", "SELECT due", { scheduled: "1" }),
        job("8", "SELECT due", { scheduled: "1" }),
        job("9", "LOAD INTO connected MODE append", { url: "s3://bucket?prefix=l1_" }),
        job("10", deletion),
        ...delivering.map(([id, what]) => job(id, what, { url: `web://web.test/d${id}_` })),
      ],
      registered: [{ name: "made", job: "3" }],
      chunks: [{ account: 1, id: "c1", isImported: true }],
      events: [{ account: 1, count: 1, lastLogAt: 10_000, columns, times: [10], columnsThere: columns }],
      sessions: [
        { account: 1, name: "s", status: "committed", job: "6", validRecords: 2 },
        { account: 1, name: "open", status: "uploading", job: null, validRecords: null },
      ],
      parts: [{ session: "s", name: "a" }],
      scheduled: [{ id: "1", nextAt: 3 * minute, createdAt: 30_000 }],
      runs: [
        { job: "7", scheduled: "1", at: minute },
        { job: "8", scheduled: "1", at: 2 * minute },
      ],
      delivered: delivering.map(([id]) => ({ place: `d${id}_`, rows: [[1], [2]] })),
      warehouse: {
        loaded: [1, 2].map((time) => ({ account: 1, session: "s", part: "a", time })),
        has: (_, table) => table === "made",
        rowsOf: (_, table) => (table === "connected" ? loadedRows() : [[3600], [7199]]),
      },
    },
  };
}

type Change = (found: Found, record: Acknowledged) => unknown;
const rowsOf =
  (connected: number[], visits: number[]): Change =>
  ({ warehouse }) =>
    (warehouse.rowsOf = (_, table) =>
      table === "connected" ? connected.map((line) => [1, "l1_", line]) : visits.map((time) => [time]));
const nextHour = [3600, 7199];
const ofJob =
  (id: string, change: Partial<Job>): Change =>
  ({ jobs }) =>
    Object.assign(jobs.find((one) => one.id === id) as Job, change);
const [first, session, table] = [0, 0, 0] as const;

test("what is right is told as nothing", () => {
  const { found, record } = right();
  expect(judged(found, record)).toEqual([]);
});

describe("told", () => {
  test.each<[string, Change]>([
    ["a job was acknowledged and is lost", ofJob("1", { key: "another" })],
    ["the id of one job was given to another one", ofJob("1", { query: "SELECT 9" })],
    ["a job was refused and is stored all the same", ofJob("2", { query: "SELECT 2" })],
    [
      "a job that was sent once is there twice",
      ({ jobs }, { once }) => {
        once.set("SELECT 2", "unknown");
        jobs.push(job("20", "SELECT 2"), job("21", "SELECT 2"));
      },
    ],
    ["an end was acknowledged and is lost", ofJob("1", { records: 3 })],
    ["a receipt was acknowledged and is lost", ofJob("1", { receiptChecksum: "y" })],
    ["a kill was acknowledged and is lost", ofJob("2", { status: "success" })],
    ["a job that had ended changes its end", ofJob("2", { status: "error" })],
    ["a table was registered and its registration is lost", ({ registered }) => registered.pop()],
    ["a job does not end", ofJob("1", { status: "running" })],
    ["a job is killed and nobody asked for it", ofJob("8", { status: "killed" })],
    ["a job ends in error: without a word", ofJob("8", { status: "error" })],
    ["a table and its job do not agree", ({ warehouse }) => (warehouse.has = () => false)],
    ["a table is there and nobody has registered it", (_, { tables }) => tables.clear()],
    ["rows and the end of their job do not agree", (_, { effects }) => effects.set("6", 2)],
    ["rows and the end of their job do not agree", (_, { effects }) => effects.delete("4")],
    ["a receipt is not of all rows", ofJob("1", { records: 5 })],
    ["a chunk was acknowledged and is lost", ({ chunks }) => chunks.pop()],
    [
      "a chunk was acknowledged and its row is not in the table",
      ({ events }) => events[table]?.times.splice(0, 1, 11),
    ],
    [
      "a chunk does not come into its table",
      ({ chunks }) => Object.assign(chunks[first] ?? {}, { isImported: false }),
    ],
    ["the row of a chunk is there twice", ({ events }) => events[table]?.times.push(10)],
    [
      "a table and what is counted of it do not agree",
      ({ events }) => Object.assign(events[table] ?? {}, { count: 2 }),
    ],
    [
      "a table and what is counted of it do not agree",
      ({ events }) => Object.assign(events[table] ?? {}, { lastLogAt: 9_000 }),
    ],
    [
      "a table and its columns do not agree",
      ({ events }) => Object.assign(events[table] ?? {}, { columns: ["time"] }),
    ],
    ["a session was acknowledged and is lost", ({ sessions }) => sessions.pop()],
    ["a part was acknowledged and is lost", ({ parts }) => parts.pop()],
    [
      "a commit was acknowledged and is lost",
      ({ sessions }) => Object.assign(sessions[session] ?? {}, { status: "ready", job: "5" }),
    ],
    ["a record was committed and is not in the table", ({ warehouse }) => warehouse.loaded.pop()],
    [
      "a record was committed once and is there twice",
      ({ warehouse: { loaded } }) => loaded.push(...loaded.slice(0, 1)),
    ],
    ["a session and its job do not agree", ofJob("6", { status: "killed" })],
    [
      "a session counts other records than were taken",
      ({ sessions }) => Object.assign(sessions[session] ?? {}, { validRecords: 3 }),
    ],
    [
      "a session is not committed and its records are in the table",
      ({ warehouse: { loaded } }) => loaded.push({ account: 1, session: "open", part: "a", time: 1 }),
    ],
    ["a job of a due time was shown and is lost", (_, { due }) => due.set("9", new Date(0).toISOString())],
    ["a scheduled query has a job of no due time", ({ runs }) => runs.pop()],
    ["a due time has two jobs", ({ runs }) => Object.assign(runs[1] ?? {}, { at: minute })],
    [
      "jobs of due times are out of their order",
      ({ runs }) => runs.map((run) => Object.assign(run, { at: 3 * minute - run.at })),
    ],
    [
      "a due time has passed and has no job",
      ({ scheduled }) => Object.assign(scheduled[first] ?? {}, { nextAt: 4 * minute }),
    ],
    [
      "a load that was sent again is two jobs",
      ({ jobs }) =>
        jobs.push(job("20", "LOAD INTO connected MODE append", { url: "s3://bucket?prefix=l1_" })),
    ],
    [
      "a deletion that was sent again is two jobs",
      ({ jobs }) => jobs.push(job("20", jobs.find(({ id }) => id === "10")?.query ?? "")),
    ],
    ...delivering.flatMap(([id, what]): [string, Change][] => [
      [
        `${what} that was sent again is two jobs`,
        ({ jobs }) => jobs.push(job("20", what, { url: `web://web.test/d${id}_` })),
      ],
      [
        `${what} has succeeded and has not come about, or not all of it`,
        ({ delivered }) =>
          delivered.splice(
            delivered.findIndex(({ place }) => place === `d${id}_`),
            1,
          ),
      ],
      [
        `${what} has succeeded and has not come about, or not all of it`,
        ({ delivered }) =>
          Object.assign(delivered.find(({ place }) => place === `d${id}_`) ?? {}, { rows: [[1]] }),
      ],
      [
        `${what} has come about twice`,
        ({ delivered }) => delivered.push({ place: `d${id}_`, rows: [[1], [2]] }),
      ],
    ]),
    ["a load has succeeded and has not come about, or not all of it", rowsOf([1], nextHour)],
    ["a load has come about twice", rowsOf([1, 2, 2], nextHour)],
    ["a load has not succeeded and has come about", ofJob("9", { status: "killed" })],
    ["a deletion has succeeded and has not come about, or not all of it", rowsOf([1, 2], [0, ...nextHour])],
    ["a deletion has not succeeded and has come about", ofJob("10", { status: "killed" })],
    ["a record is gone that nobody deletes", rowsOf([1, 2], [7199])],
    ["rows and the end of their job do not agree", (_, { effects }) => effects.set("10", 2)],
    ["rows and the end of their job do not agree", (_, { effects }) => effects.delete("9")],
    ["rows come or go under the name of no job", (_, { effects }) => effects.set("90001", 1)],
  ])("%s", (line, change) => {
    const { found, record } = right();
    change(found, record);
    expect(judged(found, record)).toContainEqual(line);
  });

  const told = "send the same request again";
  test.each<[string, (record: Acknowledged) => void]>([
    ["job.show was answered 500", (record) => record.answered("job.show", 500, told)],
    ["job.show is not told when to come again", (record) => record.answered("job.show", 503, told, null)],
    ["job.show is not told what to do", (record) => record.answered("job.show", 503, "later")],
    ["job.show is told of the inside", (record) => record.answered("job.show", 503, `${told}: ER_DUP`)],
    [
      "an end was acknowledged and is lost: its job is handed out again",
      (record) => record.reported("worker.claim", {}, { status: 200, body: { job: { job_id: "1" } } }),
    ],
  ])("%s", (line, happens) => {
    const { found, record } = right();
    happens(record);
    expect(judged(found, record)).toEqual([line]);
  });
});
