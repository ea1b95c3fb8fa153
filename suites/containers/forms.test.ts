import { describe, expect, test } from "vitest";
import type { RunResult } from "../../harness/matrix/result.ts";
import standard from "../../interlock.config.ts";
import type { Ended } from "./interlock.ts";
import { configFile, expectNothingLeft, openPlace } from "./place.ts";
import { runningMysql } from "./running-mysql.ts";
import { seeded } from "./seeded.ts";

/** Components as images, as programs of this machine and as URLs find each other, wherever each of them runs. */
const run = (config: string) => [
  "run",
  "--json",
  "--config",
  configFile(config),
  ...["web", "mysql-append", "insert-into"].flatMap((scenario) => ["--cell", `current/*/${scenario}`]),
];

const expectGreen = ({ exitCode, stdout, stderr }: Ended): RunResult => {
  expect({ exitCode, stderr, stdout }).toEqual({ exitCode: 0, stderr, stdout });
  const result = JSON.parse(stdout) as RunResult;
  expect(result.cells.map(({ verdict }) => verdict)).toEqual(Array.from({ length: 9 }, () => "pass"));
  return result;
};

describe("a system of which", () => {
  test("the API, a worker and a destination are programs of this machine passes beside a worker in a container", async () => {
    await using place = await openPlace();
    const { identities } = expectGreen(await place.interlock(run("standard/programs")).ended);
    const contained = identities.filter(({ image }) => image !== null).map(({ component }) => component);
    expect(contained).toEqual(["worker-v6"]);
    await expectNothingLeft(place);
  });

  test("MySQL runs already, on loopback alone, passes with an API and workers in containers", async () => {
    await using place = await openPlace();
    const seed = crypto.randomUUID();
    const { init } = standard({ secret: seeded(seed) }).mysql;
    await using mysql = await runningMysql(place.folder, init as string);
    expectGreen(await place.interlock(run("standard/mysql-by-url"), { TEST_MYSQL: mysql.url, TEST_SEED: seed }).ended);
    await expectNothingLeft(place);
  });
});
