import { execa } from "execa";
import { expect, test } from "vitest";
import type { RunResult } from "../../../harness/matrix/result.ts";
import { configFile, expectNothingLeft, openPlace } from "../../containers/place.ts";
import { runningMysql } from "../../containers/running-mysql.ts";

/** A secret that a component gives away is a finding about it, in whatever form. */

test.concurrent.each(["plain", "base64"])(
  "a worker that writes its token to its log, %s, is red",
  async (encoding) => {
    await using place = await openPlace();
    const config = configFile("standard/telling-worker");
    const argv = ["run", "--json", "--config", config, "--cell", "current/v5-presto/no-output"];
    const { exitCode, stdout } = await place.interlock(argv, { TEST_TOLD: encoding }).ended;
    const result = JSON.parse(stdout) as RunResult;
    await expectNothingLeft(place);
    expect({ exitCode, loose: result.loose }).toEqual({
      exitCode: 1,
      loose: ["worker-v5: a secret stands in its log"],
    });
  },
);

test("what a MySQL server is set up with can be read by root alone", async () => {
  await using place = await openPlace();
  await using mysql = await runningMysql(place.folder, "CREATE USER a IDENTIFIED BY 'secret';");
  const { stdout } = await execa("docker", ["exec", mysql.id, "stat", "-c", "%a %U", "/interlock/init.sql"]);
  expect(stdout).toBe("600 root");
});
