import { describe, expect, test } from "vitest";
import { configWith } from "../testing/config.ts";
import { scenarioOf } from "../testing/scenario.ts";
import { checkConfig } from "./check-config.ts";

const problemsOf = (path: string, value: unknown): string[] => {
  const checked = checkConfig(configWith(path, value));
  return checked.ok ? [] : checked.problems;
};

describe("two customers", () => {
  const same = (what: string) =>
    `customers.hdp2: has the ${what} of customers.cdh4; an account is of one cluster, give each its own`;

  test.each<[string, string, unknown, string]>([
    [
      "of which one is by mistake the other",
      "customers.hdp2",
      { account: 1, apikey: "1/abcdefgh", database: "sample" },
      same("account"),
    ],
    ["with one account and two keys", "customers.hdp2.account", 1, same("account")],
    ["with one key and two accounts", "customers.hdp2.apikey", "1/abcdefgh", same("API key")],
  ])("%s are refused", (_, path, value, problem) => {
    expect(problemsOf(path, value)).toEqual([problem]);
  });

  test("that differ in account and key may share the name of a database", () => {
    expect(problemsOf("customers.hdp2.database", "sample")).toEqual([]);
  });
});

describe("what a release is said to lack", () => {
  const lacking = (...lacks: string[]) => problemsOf("api.next.lacks", lacks);

  test("may be any operation that not every run asks for", () => {
    expect(lacking("bulk_import.create", "worker.import_part", "table.create")).toEqual([]);
  });

  test("may not be what every run asks of an API, nor what is no operation", () => {
    expect(lacking("worker.claim")).toEqual([
      "api.next.lacks: worker.claim is asked of every API; without it nothing can be tried",
    ]);
    expect(lacking("bulk_import")).toHaveLength(1);
  });
});

test("a customer whose engines no worker runs is no problem of the config: its run says what it leaves out", () => {
  const workers = { "worker-v5": { image: "worker-v5", generation: "v5", engines: ["presto"] } };
  expect(problemsOf("workers", workers)).toEqual([]);
});

test("notices come from no API that runs already, as nobody can tell it where to post them", () => {
  expect(problemsOf("notices", { withinMs: 1_000 })).toEqual([
    "notices: api.next runs already and cannot be told where to post them; leave notices out, then they are not compared",
  ]);
});

test("many scenarios without their destination, as in the config of an older Interlock, are one problem", () => {
  const scenarios = Array.from({ length: 7 }, (_, i) =>
    scenarioOf({ name: `rows-${i}`, output: { kind: "s3" } }),
  );
  expect(problemsOf("scenarios", scenarios)).toEqual([
    expect.stringContaining(
      "has no s3, to which 7 of the scenarios deliver (rows-0, rows-1, rows-2, …); a config of",
    ),
  ]);
});
