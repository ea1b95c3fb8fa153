import { resolve } from "node:path";
import { expect, test } from "vitest";
import type { RunResult } from "../../harness/matrix/result.ts";
import { configFile, openPlace } from "../containers/place.ts";

/** The whole matrix on MariaDB, and on MySQL the build that is wrong on MariaDB alone. */

const shipped = resolve(import.meta.dirname, "../../interlock.config.ts");

async function run(...argv: string[]) {
  await using place = await openPlace();
  const { exitCode, stdout } = await place.interlock(["run", "--json", ...argv]).ended;
  const { cells, loose, of } = JSON.parse(stdout) as RunResult;
  const notGreen = cells.filter(({ verdict }) => verdict !== "pass").map(({ path }) => path);
  return { exitCode, loose, notGreen, isWhole: cells.length === of };
}

test("every cell passes on MariaDB", async () => {
  expect(await run("--config", shipped, "--database", "mariadb-10.11")).toEqual({
    exitCode: 0,
    loose: [],
    notGreen: [],
    isWhole: true,
  });
});

test("a build that is wrong on MariaDB alone passes on MySQL, probe and all", async () => {
  expect(await run("--config", configFile("databases/written-for-mysql"))).toEqual({
    exitCode: 0,
    loose: [],
    notGreen: [],
    isWhole: true,
  });
});
