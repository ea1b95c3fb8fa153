import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "../../harness/config/load-config.ts";
import { baseSchedule } from "../../harness/explore/workloads.ts";
import type { HistoryEvent, WorldEvent } from "../../harness/history/event.ts";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import { runSchedule } from "../../harness/rigs/containers/schedule/run-schedule.ts";
import { lookAtWorld } from "../../harness/rigs/containers/schedule/world.ts";
import { type ContainersRig, openRig } from "../../harness/rigs/containers/system/open-rig.ts";
import type { Job } from "../../harness/rigs/workload.ts";
import { Secrets } from "../../harness/secrets.ts";
import { asRoot } from "./in-container.ts";
import { releases } from "./schedule-bed.ts";

/** What came and went between two looks is seen, although the second look is as the first. */

const root = resolve(import.meta.dirname, "../..");
let rig: ContainersRig;
/** A calm run, as its history tells it. */
let calm: readonly HistoryEvent[];
let jobs: readonly Job[];

const schedule = {
  ...baseSchedule("presto", "mysql-append", releases, 1),
  workload: {
    jobs: [
      "mysql-append",
      "mysql-update",
      "mysql-replace",
      "mysql-truncate",
      "insert-into",
      "create-table",
    ].map((scenario) => ({ scenario, engine: "presto" as const })),
    workers: 1,
  },
};

beforeAll(async () => {
  const secrets = new Secrets();
  rig = await openRig({
    config: await loadConfig(join(root, "interlock.config.ts"), secrets),
    releases,
    engines: ["presto"],
    destinations: ["mysql"],
    workers: 1,
    runsFolder: join(root, ".interlock/runs"),
    redact: secrets.redact,
    onPhase: () => {},
    signal: new AbortController().signal,
  });
  const ran = await runSchedule(rig, schedule);
  calm = ran.run.events;
  jobs = ran.jobs;
});

afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await rm(rig.folder, { recursive: true });
});

const worldIn = (events: readonly HistoryEvent[]): WorldEvent =>
  events.find((event) => event.kind === "world") as WorldEvent & HistoryEvent;

test("a calm run keeps the frame, and both logs were read", () => {
  expect(judgeHistory(calm).broken).toEqual([]);
  const { compared, traces = [] } = worldIn(calm);
  expect(compared).toEqual(expect.arrayContaining(["log of mysql", "log of destination-mysql"]));
  expect(traces.filter(({ what }) => what === "table" || what === "destination")).toHaveLength(6);
  expect(traces.flatMap(({ what, by }) => (what === "table" ? by : []))).toEqual(["worker-v5", "worker-v5"]);
});

/** What a customer has asked the API to make is the API's alone. */
const made = [{ customer: "cdh4", database: "sample", table: "loot" }] as const;

/** The calm history with what somebody else did on a server, and what F says of it. */
async function toldOf(component: string, statements: readonly string[]): Promise<readonly string[]> {
  const lookAgain = await lookAtWorld(rig, jobs, "r1_");
  await asRoot(rig.run, component, statements.join("; "));
  const ids = calm.flatMap((event) => (event.kind === "final" ? [event.job] : []));
  const { changes, traces } = await lookAgain({ ids, requested: new Set(), made });
  expect(changes).toEqual([]);
  const told = calm.map((event) => (event.kind === "world" ? { ...event, traces } : event));
  const { broken } = judgeHistory(told as HistoryEvent[]);
  expect(broken.map(({ invariant }) => invariant)).toEqual(broken.map(() => "F"));
  return broken.flatMap(({ witnesses }) => witnesses);
}

const mine = "wh_1_sample";
const others = "wh_2_sample";
const nobodys = "no job was to do anything there, even for a while; somebody";
const kept = "what was there before was to stay there all the time; somebody";

describe("in the database", () => {
  test.each([
    [
      "a table of nobody",
      [`CREATE TABLE ${mine}.loot AS SELECT * FROM ${mine}.trades`, `DROP TABLE ${mine}.loot`],
      [`warehouse ${mine}.loot: ${nobodys} made it, took it away, added 4 rows`],
    ],
    [
      "a table with the id of a job, in another tenant's warehouse",
      [`CREATE TABLE ${others}.$stage_1_1 (id INT)`, `DROP TABLE ${others}.$stage_1_1`],
      [`warehouse ${others}.$stage_1_1: ${nobodys} made it, took it away`],
    ],
    [
      "rows of another tenant that are touched and put back",
      [
        `UPDATE ${others}.trades SET symbol = CONCAT(symbol, 'x')`,
        `UPDATE ${others}.trades SET symbol = LEFT(symbol, CHAR_LENGTH(symbol) - 1)`,
      ],
      [expect.stringMatching(`^warehouse ${others}.trades: ${nobodys} changed \\d+ rows$`)],
    ],
    [
      "a source that has another name for a while",
      [`RENAME TABLE ${mine}.trades TO ${mine}.gone`, `ALTER TABLE ${mine}.gone RENAME TO ${mine}.trades`],
      [
        expect.stringContaining(`warehouse ${mine}.trades: ${nobodys}`),
        expect.stringContaining(`warehouse ${mine}.gone: `),
      ],
    ],
    [
      "the rows of an INSERT, taken out and put back",
      [
        `CREATE TEMPORARY TABLE ${mine}.copy AS SELECT * FROM ${mine}.r1_effect_5`,
        `DELETE FROM ${mine}.r1_effect_5`,
        `INSERT INTO ${mine}.r1_effect_5 SELECT * FROM ${mine}.copy`,
      ],
      [
        `warehouse ${mine}.r1_effect_5: ${kept} took away or changed 4 rows of before, put 4 rows of these back`,
      ],
    ],
    [
      "the API's own table, by somebody else",
      [
        "UPDATE jobs.accounts SET name = CONCAT(name, 'x')",
        "UPDATE jobs.accounts SET name = LEFT(name, CHAR_LENGTH(name) - 1)",
      ],
      [
        expect.stringMatching(
          /^mysql jobs\.accounts: only the API may write there; somebody changed \d+ rows$/,
        ),
      ],
    ],
    [
      "a row of the ledger, taken out and put back",
      [
        "CREATE TEMPORARY TABLE ledger_1.copy AS SELECT * FROM ledger_1.effects",
        "DELETE FROM ledger_1.effects",
        "INSERT INTO ledger_1.effects SELECT * FROM ledger_1.copy",
      ],
      [
        expect.stringContaining(
          "mysql ledger_1.effects: rows of before and the table itself were to stay as they were; somebody",
        ),
      ],
    ],
    [
      "a database and a user",
      [
        "CREATE DATABASE stash",
        "CREATE TABLE stash.a (id INT)",
        "DROP DATABASE stash",
        "CREATE USER eve",
        "DROP USER eve",
      ],
      expect.arrayContaining([
        `mysql stash.a: ${nobodys} made it`,
        `mysql: DROP DATABASE stash: ${nobodys} said so`,
        expect.stringMatching(`^mysql: CREATE USER '…' .*: ${nobodys} said so$`),
      ]),
    ],
    ["an update that changes nothing", [`UPDATE ${others}.trades SET symbol = symbol`], []],
    [
      "a table of a job's own",
      [`CREATE TABLE ${mine}.$stage_1_7 (id INT)`, `DROP TABLE ${mine}.$stage_1_7`],
      [],
    ],
  ])("%s", async (_, statements, says) => {
    expect(await toldOf("mysql", statements)).toEqual(says);
  });
});

describe("at the destination", () => {
  const copied = (number: number, empty: string) => [
    `CREATE TEMPORARY TABLE mart.copy AS SELECT * FROM mart.r1_effect_${number}`,
    empty.replace("?", `mart.r1_effect_${number}`),
    `INSERT INTO mart.r1_effect_${number} SELECT * FROM mart.copy`,
  ];
  test.each([
    [
      "emptied and filled in mode append",
      copied(1, "DELETE FROM ?"),
      "took away or changed 6 rows of before, put 6 rows of these back",
    ],
    ["truncated and filled in mode append", copied(1, "TRUNCATE ?"), "emptied it"],
    [
      "rows of another key away for a while in mode update",
      copied(2, "DELETE FROM ? WHERE symbol = 'OLD7'").with(
        2,
        "INSERT INTO mart.r1_effect_2 SELECT * FROM mart.copy WHERE symbol = 'OLD7'",
      ),
      "put 1 row of these back",
    ],
  ])("%s", async (_, statements, says) => {
    const number = statements[0]?.at(-1);
    expect(await toldOf("destination-mysql", statements)).toEqual([
      `destination-mysql mart.r1_effect_${number}: ${kept} ${says}`,
    ]);
  });

  test.each([3, 4])("it may be emptied and filled in the mode of job %s", async (number) => {
    expect(await toldOf("destination-mysql", copied(number, "DELETE FROM ?"))).toEqual([]);
  });

  test("a table of nobody", async () => {
    expect(
      await toldOf("destination-mysql", ["CREATE TABLE mart.loot (id INT)", "DROP TABLE mart.loot"]),
    ).toEqual([`destination-mysql mart.loot: ${nobodys} made it, took it away`]);
  });
});
