import { describe, expect, test } from "vitest";
import type { DestinationSettings } from "../../../contracts/destination.ts";
import type { Delivery, SystemState } from "../../../contracts/in-process.ts";
import type { Row } from "../../../contracts/values.ts";
import type { Scenario } from "../../schedule/scenario.ts";
import { scenarioOf } from "../../testing/scenario.ts";
import type { Job } from "../workload.ts";
import { lookAtWorld } from "./look-at-world.ts";
import { settingsOf } from "./places.ts";

/** A job each of two customers, with the same source and the same names. */
const jobOf = (number: number, engine: Job["engine"], scenario: Scenario): Job => ({
  number,
  engine,
  customer: "script",
  isFirst: true,
  scenario,
  template: scenario,
  target: `effect_${number}`,
});
const jobs = [jobOf(1, "presto", scenarioOf()), jobOf(2, "hive-hdp2", scenarioOf())];
const { name: source, columns, rows } = scenarioOf().source;
const inserting: Scenario = { ...scenarioOf(), statement: { kind: "insert-into" }, output: null };
const making: Scenario = { ...inserting, statement: { kind: "create-table" } };

interface Held {
  tables: Record<string, readonly Row[]>;
  registered: string[];
  deliveries: Delivery[];
}

const untouched: Held = {
  tables: { [`1 ${source}`]: rows, [`2 ${source}`]: rows },
  registered: [],
  deliveries: [],
};

const stateOf = ({ tables, registered, deliveries }: Held): SystemState => ({
  job: () => undefined,
  table: (account, _, name) => tables[`${account} ${name}`] ?? null,
  registered: (account, _, name) => (registered.includes(`${account} ${name}`) ? [["id", "bigint"]] : null),
  deliveries: () => deliveries,
  residue: () => [],
  unsent: () => 0,
});

const look = (held: Partial<Held>, of: readonly Job[] = jobs) =>
  lookAtWorld(stateOf({ ...untouched, ...held }), of, (id) => ({ a: 1, b: 2 })[id]).changes;

const settings = (number: number) =>
  settingsOf(jobs[number - 1] as Job) as DestinationSettings & { path: string };
const delivery = (job: string, more: DestinationSettings): Delivery => ({
  job,
  settings: more,
  columns,
  rows,
});

describe("a delivery", () => {
  test("to the place of its job is told with its columns, and is the job's", () => {
    const renamed: Delivery = { ...delivery("b", settings(2)), columns: [["ID", "bigint"]] };
    expect(look({ deliveries: [delivery("a", settings(1)), renamed] })).toMatchObject([
      { what: "destination", job: 1, after: { columns, rows: rows.length } },
      { what: "destination", job: 2, after: { columns: [["ID", "bigint"]] } },
    ]);
  });

  test.each<[string, Delivery]>([
    ["to the place of another job", delivery("a", settings(2))],
    ["by a job that nobody issued", delivery("c", settings(1))],
    ["to another path", delivery("a", { ...settings(1), path: "/sink/elsewhere" } as DestinationSettings)],
    ["by another method", delivery("a", { ...settings(1), method: "PUT" } as DestinationSettings)],
    ["to another host", delivery("a", { ...settings(1), host: "elsewhere.test" } as DestinationSettings)],
    ["under another user", delivery("a", { ...settings(1), user: "loader%40shop" } as DestinationSettings)],
    ["over TLS that nobody asked for", delivery("a", { ...settings(1), tls: true } as DestinationSettings)],
  ])("%s is told", (_, one) => {
    expect(look({ deliveries: [one] })).toMatchObject([
      { what: "other", job: null, after: { rows: rows.length } },
    ]);
  });
});

describe("a table", () => {
  const { tables } = untouched;
  test.each<[string, Held["tables"], string]>([
    [
      "a source with a row more",
      { ...tables, [`1 ${source}`]: [...rows, [9]] },
      `warehouse of account 1: ${source}`,
    ],
    [
      "a source with a row less",
      { ...tables, [`2 ${source}`]: rows.slice(1) },
      `warehouse of account 2: ${source}`,
    ],
    ["a source that is gone", { [`1 ${source}`]: rows }, `warehouse of account 2: ${source}`],
    ["a table that a query has made", { ...tables, "1 effect_1": rows }, "warehouse of account 1: effect_1"],
    ["a table of another tenant", { ...tables, "2 effect_1": [] }, "warehouse of account 2: effect_1"],
  ])("is told: %s", (_, held, place) => {
    expect(look({ tables: held })).toMatchObject([{ place, what: "table", job: null }]);
  });

  test("that a job is to fill or to make is for others", () => {
    const filling = [jobOf(1, "presto", inserting), jobOf(2, "hive-hdp2", making)];
    const held = { ...tables, "1 effect_1": rows, "2 effect_2": rows };
    expect(look({ tables: held }, filling)).toEqual([]);
    // With which columns is for the frame to say.
    expect(look({ tables: held, registered: ["2 effect_2"] }, filling)).toMatchObject([
      { what: "registration", job: 2, after: { columns: [["id", "bigint"]] } },
    ]);
    expect(look({ tables: { ...held, "1 effect_2": rows } }, filling)).toMatchObject([
      { place: "warehouse of account 1: effect_2" },
    ]);
  });
});

test.each(["1 effect_1", "2 effect_1", `1 ${source}`, "2 effect_2"])(
  "the API knows %s, which no job makes known",
  (known) => {
    const filling = [jobOf(1, "presto", inserting), jobOf(2, "hive-hdp2", inserting)];
    const tables = { ...untouched.tables, "1 effect_1": rows, "2 effect_2": rows };
    expect(look({ tables, registered: [known] }, filling)).toMatchObject([
      { what: "registration", job: null },
    ]);
  },
);
