import { describe, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { configWith, writtenConfig } from "../testing/config.ts";
import { limits } from "../testing/limits.ts";
import { scenarioOf, source } from "../testing/scenario.ts";
import { checkConfig } from "./check-config.ts";
import { customerOf, defineConfig } from "./config.ts";

const problemsOf = (written: unknown): string[] => {
  const checked = checkConfig(written);
  return checked.ok ? [] : checked.problems;
};

const schedules = {
  timeScale: 0.1,
  limits,
  jobLease: "SELECT lease FROM jobs WHERE id = ?",
  registeredTable: "SELECT 1 FROM tables WHERE account = ? AND db = ? AND name = ?",
  effects: { insert: "I" },
};

describe("a config that is right", () => {
  const checked = checkConfig(writtenConfig());

  test("has no problem", () => {
    expect(problemsOf(writtenConfig())).toEqual([]);
  });

  test("gets the port of an image and an environment where none is written", () => {
    const api = checked.ok ? checked.config.api["current"] : undefined;
    expect(api).toMatchObject({ image: "api:current", port: 8080 });
    const around = {
      name: "api",
      port: 1,
      mysql: { host: "db", port: 3306 },
      api: "http://api",
      folder: "/tmp",
    };
    expect(api && "env" in api ? api.env(around) : undefined).toEqual({});
  });

  test("may name each component as an image, a command or a URL", () => {
    for (const form of [
      { image: "x" },
      { image: "x", command: ["serve"] },
      { command: ["x"] },
      { url: "http://x" },
    ]) {
      expect(problemsOf(configWith("api.current", form))).toEqual([]);
    }
  });

  test.each<[string, unknown]>([
    ["api.current", { image: "x", port: 1 }],
    ["api.current", { image: "x", port: 65_535 }],
    ["customers.cdh4.apikey", "8 signs!"],
    ["limits.readyMs", 1000],
    ["limits.jobMs", 1000],
    ["mysql.world", { own: { "jobs.jobs": "id", "jobs.accounts": null } }],
    ["mysql.world", { registered: "SELECT 1", jobRecord: "SELECT 1 FROM jobs WHERE id = ?" }],
    ["destinations.mysql.own", { _deliveries: "job_id" }],
    ["destinations.mysql", undefined],
    ["destinations", { web: { url: "http://sink.test" } }],
    ["inProcess", () => {}],
    ["schedules", schedules],
    ["schedules", { ...schedules, timeScale: 1, outbox: "/var/outbox" }],
  ])("may have %s = %j", (path, value) => {
    expect(problemsOf(configWith(path, value))).toEqual([]);
  });

  test("has the customer of each engine's cluster", () => {
    if (!checked.ok) throw new Error(checked.problems.join("\n"));
    const { customers } = checked.config;
    expect(customerOf(checked.config, "presto")).toBe(customers.cdh4);
    expect(customerOf(checked.config, "hive-cdh4")).toBe(customers.cdh4);
    expect(customerOf(checked.config, "hive-hdp2")).toBe(customers.hdp2);
    expect(() => customerOf({ customers: {} }, "presto")).toThrow(UsageError);
  });

  test("may leave out the customer of engines that no worker runs", () => {
    const { workers, customers, ...rest } = writtenConfig();
    const v5 = { workers: { "worker-v5": workers["worker-v5"] }, customers: { cdh4: customers.cdh4 } };
    expect(problemsOf({ ...rest, ...v5 })).toEqual([]);
  });

  test("passes through defineConfig as it is", () => {
    const written = () => writtenConfig() as never;
    expect(defineConfig(written)).toBe(written);
  });
});

describe("an unknown key is named with its place", () => {
  test.each([
    ["conifg", "the config: "],
    ["mysql.conifg", "mysql: "],
    ["mysql.oracle.conifg", "mysql.oracle: "],
    ["api.current.conifg", "api.current: "],
    ["api.next.conifg", "api.next: "],
    ["workers.worker-v5.conifg", "workers.worker-v5: "],
    ["workers.worker-v6.conifg", "workers.worker-v6: "],
    ["destinations.conifg", "destinations: "],
    ["destinations.web.conifg", "destinations.web: "],
    ["destinations.mysql.writer.conifg", "destinations.mysql.writer: "],
    ["customers.cdh4.conifg", "customers.cdh4: "],
    ["limits.conifg", "limits: "],
  ])("%s", (path, place) => {
    expect(problemsOf(configWith(path, 1))).toEqual([`${place}Unrecognized key: "conifg"`]);
  });
});

describe("a wrong value is named with its place", () => {
  test.each<[string, unknown, string]>([
    ["mysql.jobStatus", "SELECT status FROM jobs", "mysql.jobStatus: "],
    ["mysql.world", { own: { accounts: null } }, "mysql.world.own.accounts: "],
    ["mysql.world", { own: { "jobs.jobs": 1 } }, "mysql.world.own."],
    ["mysql.world", { jobRecord: "SELECT 1" }, "mysql.world.jobRecord: "],
    ["limits.ageMs", -1, "limits.ageMs: "],
    ["mysql.warehouse", "account_1", "mysql.warehouse: "],
    ["mysql.oracle", undefined, "mysql.oracle: "],
    ["api.Current", { image: "x" }, "api.Current: "],
    ["api.current", { image: "x", port: "8080" }, "api.current.port: "],
    ["api.current", { image: "x", port: 65_536 }, "api.current.port: "],
    ["api.current", { image: "x", env: {} }, "api.current.env: expected a function"],
    ["api.current", { image: "" }, "api.current.image: "],
    ["api.current", { url: "not a url" }, "api.current.url: "],
    ["api.current", { command: "node api.ts" }, "api.current.command: "],
    ["api.current", { command: [] }, "api.current.command: "],
    ["workers.worker-v5.generation", "v7", "workers.worker-v5.generation: "],
    ["workers.worker-v5.engines", [], "workers.worker-v5.engines: "],
    ["workers.worker-v6.engines", ["pig"], "workers.worker-v6.engines[0]: "],
    ["destinations.mysql.database", "", "destinations.mysql.database: "],
    ["customers.cdh5", { account: 3, apikey: "3/abcdefgh", database: "sample" }, "customers: "],
    ["customers.cdh4.apikey", "short", "customers.cdh4.apikey: "],
    ["customers.cdh4.database", "A-B", "customers.cdh4.database: "],
    ["scenarios", [], "scenarios: "],
    ["scenarios", ["web"], "scenarios[0]: "],
    ["inProcess", "builds", "inProcess: "],
    ["schedules", { ...schedules, timeScale: 1.5 }, "schedules.timeScale: "],
    ["schedules", { ...schedules, timeScale: 0 }, "schedules.timeScale: "],
    ["schedules", { ...schedules, conifg: 1 }, 'schedules: Unrecognized key: "conifg"'],
    ["schedules", { ...schedules, limits: { ...schedules.limits, conifg: 1 } }, "schedules.limits: "],
    [
      "schedules",
      { ...schedules, limits: { ...schedules.limits, leaseMs: 0 } },
      "schedules.limits.leaseMs: ",
    ],
    ["schedules", { ...schedules, jobLease: "SELECT 1" }, "schedules.jobLease: "],
    ["schedules", { ...schedules, registeredTable: "? ?" }, "schedules.registeredTable: needs three ?"],
    ["schedules", { ...schedules, effects: { insert: "" } }, "schedules.effects.insert: "],
    ["schedules", { ...schedules, outbox: "outbox" }, "schedules.outbox: "],
    ["limits.readyMs", 999, "limits.readyMs: "],
    ["limits.jobMs", undefined, "limits.jobMs: "],
  ])("%s = %j", (path, value, place) => {
    const problems = problemsOf(configWith(path, value));
    expect(problems.map((problem) => problem.slice(0, place.length))).toEqual([place]);
  });

  test("and with the unknown key beside it, in whichever form the component is written", () => {
    const wrong = { command: 5, url: 5, image: 5 };
    for (const [form, value] of Object.entries(wrong)) {
      const [first, second, ...more] = problemsOf(configWith("api.current", { [form]: value, conifg: 1 }));
      expect(first).toMatch(`api.current.${form}: `);
      expect(second).toBe('api.current: Unrecognized key: "conifg"');
      expect(more).toEqual([]);
    }
  });

  test.each([{}, null, 7, { imgae: "x" }])("a component that is %j names what it could be", (component) => {
    const [first] = problemsOf(configWith("api.current", component));
    expect(first).toMatch(/^api\.current(\.image)?: /);
  });
});

describe("parts that do not go together", () => {
  const running = { url: "http://127.0.0.1:9", generation: "v5", engines: ["presto"] };

  test.each<[string, string, unknown, string]>([
    ["a release that is none", "current", "2016", "current: names 2016, which is not under api"],
    [
      "a release that every object has",
      "current",
      "toString",
      "current: names toString, which is not under api",
    ],
    ["no workers", "workers", {}, "workers: names none; a matrix without workers tests nothing"],
    [
      "a scenario twice",
      "scenarios",
      [scenarioOf(), scenarioOf(), scenarioOf()],
      "scenarios: web stands there twice",
    ],
    [
      "a scenario whose name is none",
      "scenarios",
      [scenarioOf({ name: "a/b" }), scenarioOf({ name: "web-9" })],
      "scenarios[0].name (a/b): is no name for a cell's path: lower-case words joined by hyphens",
    ],
    [
      "an engine without a customer",
      "customers.hdp2",
      undefined,
      "workers.worker-v6: runs hive-hdp2, and customers names none of hdp2, whose jobs run there",
    ],
    [
      "a running worker without a fixed link",
      "workers.worker-v5",
      running,
      "workers.worker-v5: a worker that runs already needs linkPort, the port where it finds the API",
    ],
    [
      "a generation in containers and out of them",
      "workers.other",
      { ...running, linkPort: 9000 },
      "workers: those of generation v5 run partly as images, which find the destinations elsewhere",
    ],
  ])("%s", (_, path, value, problem) => {
    expect(problemsOf(configWith(path, value))).toEqual([problem]);
  });

  test("a scenario to a destination that is not configured names both", () => {
    const scenarios = [scenarioOf(), scenarioOf({ name: "rows", output: { kind: "mysql", mode: "append" } })];
    const destinations = { web: { url: "http://sink.test" } };
    expect(problemsOf({ ...writtenConfig(), scenarios, destinations })).toEqual([
      "destinations: has no mysql, to which 1 of the scenarios deliver (rows); a config of an older Interlock may lack it: add it, or leave these out, as `interlock init` writes it into an empty folder",
    ]);
  });

  test.each(["api", "mysql", "customer", "rig", "destination-web", "destination-of-mine"])(
    "a worker that is called %s, as another component is",
    (name) => {
      const v5 = { image: "worker-v5", generation: "v5", engines: ["presto", "hive-cdh4"] };
      expect(problemsOf(configWith(`workers.${name}`, v5))).toEqual([
        `workers.${name}: is the name of another component of a run; give the worker its own`,
      ]);
    },
  );

  test("a running worker with a fixed link is all right", () => {
    expect(problemsOf(configWith("workers.worker-v5", { ...running, linkPort: 9000 }))).toEqual([]);
  });
});

describe("a wrong scenario is named with its number and its name", () => {
  const second = (more: object) =>
    problemsOf(configWith("scenarios", [scenarioOf(), { ...scenarioOf({ name: "two" }), ...more }]));

  test.each<[object, string]>([
    [{ output: { kind: "Web" } }, "scenarios[1].output.kind (two): expected one of web, "],
    [{ output: { kind: "web", refuse: true } }, 'scenarios[1].output (two): Unrecognized key: "refuse"'],
    [{ outptu: null }, 'scenarios[1] (two): Unrecognized key: "outptu"'],
    [{ source: undefined }, "scenarios[1].source (two): "],
    [
      {
        source: {
          ...source,
          rows: [
            [1, "A"],
            [1, {}],
          ],
        },
      },
      "scenarios[1].source.rows[1][1] (two): expected rows",
    ],
    [{ name: undefined }, "scenarios[1].name: "],
    [{ name: { toString: 1 } }, "scenarios[1].name: "],
    [{ output: { kind: { toString: 1 } } }, "scenarios[1].output.kind (two): "],
    [{ statement: { kind: { toString: 1 } } }, "scenarios[1].statement.kind (two): "],
  ])("%j", (more, place) => {
    expect(second(more).map((problem) => problem.slice(0, place.length))).toEqual([place]);
  });
});

describe("a config whose own code throws when it is read", () => {
  const throwing = (thrown: unknown) => ({
    get source() {
      throw thrown;
    },
  });

  test.each<[unknown, string]>([
    [new Error("no room"), "no room"],
    ["no words", "no words"],
    [{ toString: 1 }, "{ toString: 1 }"],
    [Object.create(null), "[Object: null prototype] {}"],
  ])("%j", (thrown, words) => {
    expect(problemsOf(configWith("scenarios", [throwing(thrown)]))).toEqual([
      `the config: cannot be read: ${words}`,
    ]);
  });
});

test("of a thousand problems the first ones are told", () => {
  const problems = problemsOf(configWith("workers.worker-v5.engines", Array(1_000).fill("pig")));
  expect([problems.length, problems.at(-1)]).toEqual([21, expect.stringMatching(/^and \d+ more$/)]);
});

test.each([undefined, null, [], "config", 7])("%j is no config", (written) => {
  expect(problemsOf(written)[0]).toMatch(/^the config: /);
});
