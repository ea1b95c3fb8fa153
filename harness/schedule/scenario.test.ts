import { describe, expect, test } from "vitest";
import { destinationKinds } from "../destinations/index.ts";
import { scenarioOf, source } from "../testing/scenario.ts";
import {
  destinationOf,
  expectedAt,
  isFor,
  recordsOf,
  rowsAfter,
  rowsBefore,
  scenarioFor,
  scenarioSchema,
  settled,
  sharedFresh,
} from "./scenario.ts";
import { exportedRange } from "./statements.ts";

const problemsOf = (written: unknown): string[] =>
  (scenarioSchema.safeParse(written).error?.issues ?? []).map(
    ({ path, message }) => `${path.join(".")}: ${message}`,
  );

const changed = (more: object) => ({ ...scenarioOf(), ...more });

describe("a scenario", () => {
  test.each<[object]>([
    [{}],
    [{ output: null, ending: "error" }],
    [{ output: { kind: "web", refuses: true } }],
    [{ output: { kind: "mysql", mode: "append", before: [[7, "OLD"]] } }],
    [{ output: { kind: "mysql", mode: "update", unique: ["id"] } }],
    [{ output: { kind: "invalid", url: "mysql://?" }, ending: "refused" }],
    [{ statement: { kind: "create-table" }, output: null }],
    [{ source: { ...source, rows: [] } }],
    [{ source: { ...source, columns: ["decimal(30,10)", "timestamp"].map((type) => ["`a b`", type]) } }],
    [{ source: { ...source, reads: "* FROM trades", stored: { id: "TINYINT" }, runsMs: 1 } }],
    [{ alike: true }],
    [{ retryLimit: 10 }],
    [{ source: { ...source, rows: [[1, "{fresh}"]] } }],
    [
      {
        source: {
          ...source,
          columns: [
            ["time", "bigint"],
            ["symbol", "string"],
          ],
        },
        output: { kind: "td" },
      },
    ],
    [{ engines: ["presto"], idFrom: "9223372036854775807" }],
  ])("may have %j", (more) => {
    expect(problemsOf(changed(more))).toEqual([]);
  });

  test.each<[object, string]>([
    [{ outptu: null }, ': Unrecognized key: "outptu"'],
    [{ output: { kind: "Web" } }, "output.kind: expected one of web, "],
    [{ output: { kind: { toString: 1 } } }, "output.kind: expected one of web, "],
    [{ output: {} }, "output.kind: expected one of web, "],
    [{ output: { kind: "web", refuse: true } }, 'output: Unrecognized key: "refuse"'],
    [{ output: { kind: "mysql", mode: "merge" } }, "output.mode: "],
    [{ output: { kind: "mysql", mode: "update" } }, "output.unique: "],
    [{ output: { kind: "mysql", mode: "append", unique: ["id"] } }, "output.unique: "],
    [{ output: { kind: "mysql", mode: "append", before: [[1, {}]] } }, "output.before.0.1: expected rows"],
    [{ output: { kind: "invalid" } }, "output.url: "],
    [{ output: undefined }, "output: "],
    [{ source: undefined }, "source: "],
    [{ source: { ...source, name: "a-b" } }, "source.name: "],
    [{ source: { ...source, columns: [["id", "varchar"]] } }, "source.columns.0.1: "],
    [{ source: { ...source, rows: [[1, "A"], [1]] } }, "source.rows.1: expected one value for each"],
    [{ source: { ...source, rows: [[1, Number.NaN]] } }, "source.rows.0.1: expected rows"],
    [{ source: { ...source, rows: [[1, "A"], "B"] } }, "source.rows.1: expected rows"],
    [{ source: { ...source, rows: undefined } }, "source.rows: expected rows"],
    [{ statement: { kind: "drop-table" } }, "statement.kind: "],
    [{ source: { ...source, reads: "" } }, "source.reads: "],
    [{ engines: [] }, "engines: "],
    [
      { alike: true, statement: { kind: "insert-into" }, output: null },
      "alike: a statement that fills a table",
    ],
    [
      { source: { ...source, rows: [[1, "{fresh}"]] }, statement: { kind: "insert-into" }, output: null },
      "source.rows: values made by the run of a query",
    ],
    [{ output: { kind: "td" } }, "source.columns: records of a table of the service have a time"],
    ...["streaming-import", "partial-delete", "export"].map((kind): [object, string] => [
      { statement: { kind }, output: null },
      "source.columns: records of a table of the service have a time",
    ]),
    [{ twice: true, alike: true }, "twice: the job before it has a query that names none"],
    [{ twice: true, output: null }, "twice: only what goes to a destination can be delivered there twice"],
    [
      { twice: true, source: { ...source, rows: [[1, "{fresh}"]] } },
      "twice: values made by the run of a query",
    ],
    [{ engines: ["spark"] }, "engines.0: "],
    [{ retryLimit: 11 }, "retryLimit: "],
    [
      { retryLimit: 1, statement: { kind: "bulk-import" }, output: null },
      "retryLimit: only a query that its customer orders has one",
    ],
    [{ idFrom: 99 }, "idFrom: "],
    [{ ending: "succes" }, "ending: "],
    [{ name: "a/b" }, "name: "],
    [{ promise: "" }, "promise: "],
  ])("%j is refused with its place", (more, problem) => {
    const problems = problemsOf(changed(more));
    expect(problems.map((text) => text.slice(0, problem.length))).toEqual([problem]);
  });
});

describe("where a scenario delivers to", () => {
  test.each<[Parameters<typeof destinationOf>[0], unknown]>([
    [{ output: null }, null],
    [{ output: { kind: "invalid", url: "x" } }, null],
    [{ output: { kind: "web" } }, destinationKinds.web],
    [{ output: { kind: "mysql", mode: "append" } }, destinationKinds.mysql],
  ])("%j", (scenario, kind) => {
    expect(destinationOf(scenario)).toBe(kind);
  });

  test("holds what its kind expects, and nothing is expected where there is none", () => {
    expect(expectedAt(scenarioOf(), true)).toEqual({ rows: source.rows, deliveries: 1 });
    expect(expectedAt(scenarioOf(), false)).toEqual({ rows: [], deliveries: 0 });
    expect(expectedAt(scenarioOf({ twice: true }), false)).toEqual({ rows: source.rows, deliveries: 1 });
    expect(expectedAt(scenarioOf({ twice: true }), true)).toEqual({
      rows: [...source.rows, ...source.rows],
      deliveries: 2,
    });
    expect(expectedAt(scenarioOf({ output: null }), true)).toBe(null);
  });
});

test("a scenario is tried with all engines, or with those that it names", () => {
  expect(isFor({}, "presto")).toBe(true);
  expect(isFor({ engines: ["presto"] }, "presto")).toBe(true);
  expect(isFor({ engines: ["presto"] }, "hive-cdh4")).toBe(false);
});

test("each customer has its own rows, and reads them by a query of its own", () => {
  const reads = "id, '{customer}' AS symbol FROM trades";
  const template = scenarioOf({ source: { ...source, rows: [[1, "a {customer}"]], reads } });
  const { source: own } = scenarioFor(template, "hdp2");
  expect(own).toEqual({
    ...source,
    rows: [[1, "a hdp2"]],
    reads: "id, 'hdp2' AS symbol FROM trades",
  });
  expect(scenarioFor(template, "hdp2").source).toBe(own);
});

describe("values that one run of a query made", () => {
  const made = "00000000-0000-4000-8000-000000000001";
  const fresh = scenarioOf({
    source: {
      ...source,
      rows: [
        [1, "{fresh}"],
        [2, "A"],
      ],
    },
  });
  const rowsBy = (result: Parameters<typeof settled>[1]) => settled(fresh, result).source.rows;

  test("are those of the result that its customer read, and nothing else of that is taken over", () => {
    expect(
      rowsBy([
        [7, made],
        [2, "B"],
      ]),
    ).toEqual([
      [1, made],
      [2, "A"],
    ]);
  });

  test("are found in a table that has no order, beside rows of before", () => {
    const before = made.replace("1", "9");
    expect(
      rowsBy([
        [7, before],
        [2, "A"],
        [1, made],
      ]),
    ).toEqual([
      [1, made],
      [2, "A"],
    ]);
  });

  test.each([[undefined], [null], [[]], [[[1, "{fresh}"]]], [[[1, 5]]], [[[1, `${made}0`]]]])(
    "are not known from %j",
    (result) => {
      expect(rowsBy(result)).toEqual(fresh.source.rows);
    },
  );

  test("are no job's own where several results have them", () => {
    const theirs = made.replace("1", "2");
    const shared = sharedFresh([
      [[1, made]],
      [
        [1, made],
        [2, made],
      ],
      [
        [1, theirs],
        [2, theirs],
        [3, "A"],
      ],
      [[3, "A"]],
    ]);
    expect([...shared]).toEqual([made]);
    expect(settled(fresh, [[1, made]], shared).source.rows).toEqual(fresh.source.rows);
    expect(settled(fresh, [[1, theirs]], shared).source.rows[0]).toEqual([1, theirs]);
  });

  test("are of no concern to other scenarios", () => {
    expect(settled(scenarioOf(), [[1, made]])).toEqual(scenarioOf());
  });
});

test("an export writes the records of its range, and its table keeps them all", () => {
  const { from, to } = exportedRange;
  const rows = [[0], [from - 1], [from], [from], [to - 1], [to], [null]];
  const times = { ...source, columns: [["time", "bigint"] as const], rows };
  const wanted = { output: { kind: "s3" }, statement: { kind: "export" }, source: times };
  const scenario = scenarioSchema.parse(changed(wanted));
  expect([rowsBefore(scenario), rowsAfter(scenario), recordsOf(scenario)]).toEqual([rows, rows, 3]);
  expect(expectedAt(scenario, true)).toEqual({ rows: [[from], [from], [to - 1]], deliveries: 1 });
  expect(expectedAt(scenario, false)).toEqual({ rows: [], deliveries: 0 });
});

describe("a load", () => {
  const wanted = (kind: string, output: object | null = { kind: "s3", holds: "records" }) =>
    changed({ statement: { kind }, output });

  test("adds what its source holds to what is there, or puts it in its place", () => {
    const nothing = source.columns.map(() => null);
    const before = [...source.rows.slice(0, 2), nothing];
    const added = scenarioSchema.parse(wanted("data-connector"));
    expect([rowsBefore(added), rowsAfter(added)]).toEqual([before, [...before, ...source.rows]]);
    const replaced = scenarioSchema.parse(wanted("data-connector-replace"));
    expect([rowsBefore(replaced), rowsAfter(replaced)]).toEqual([before, source.rows]);
    expect(recordsOf(added)).toBe(source.rows.length);
  });

  test("leaves its source as it is, whatever comes of it", () => {
    const scenario = scenarioSchema.parse(wanted("data-connector"));
    const held = { rows: source.rows, deliveries: 3 };
    expect([expectedAt(scenario, true), expectedAt(scenario, false)]).toEqual([held, held]);
  });

  test.each([
    ["data-connector", { kind: "s3" }],
    ["data-connector", null],
    ["select", { kind: "s3", holds: "records" }],
  ])("a job %s with the output %j is none", (kind, output) => {
    expect(problemsOf(wanted(kind, output))).toEqual([
      expect.stringContaining("output: a load reads at an output that holds what it reads"),
    ]);
  });
});
