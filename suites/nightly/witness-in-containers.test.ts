import { expect, test } from "vitest";
import type { RunResult } from "../../harness/matrix/result.ts";
import { configFile, expectNothingLeft, openPlace } from "../containers/place.ts";

/** Runs that nobody may take for a pass: green as far as the jobs go, and somebody who was attested did no work. */

async function run(config: string, cells: string[], env: Record<string, string> = {}) {
  await using place = await openPlace();
  const which = cells.flatMap((cell) => ["--cell", cell]);
  const argv = ["run", "--json", "--config", configFile(`standard/${config}`), ...which];
  const { exitCode, stdout, stderr } = await place.interlock(argv, env).ended;
  expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/^\{/), stderr });
  await expectNothingLeft(place);
  return { exitCode, result: JSON.parse(stdout) as RunResult };
}

test.each([
  ["claims once", '"job":null'],
  ["leaves the first job that it is handed", "job_id"],
])("a candidate that %s and then idles is named, beside a worker that does its work", async (_, last) => {
  const { exitCode, result } = await run("idle-candidate", ["current/v5-*/*o*"], { TEST_LAST: last });
  expect({ exitCode, reasons: result.reasons }).toEqual({ exitCode: 2, reasons: expect.any(Array) });
  expect(result.reasons).toContain("worker-v5-2 (release current, attested) finished 0 jobs");
  expect(result.identities.map(({ component }) => component)).toContain("worker-v5-2");
  expect(result.cells.flatMap(({ violations }) => violations)).toEqual([]);
});

test("a customer whose jobs the API runs on the other cluster proves nothing about its own", async () => {
  const { exitCode, result } = await run("moved-customer", ["current/*/no-output", "current/*/insert-into"]);
  expect({ exitCode, reasons: result.reasons }).toEqual({ exitCode: 2, reasons: expect.any(Array) });
  const moved = result.cells.filter(({ path }) => path.includes("hive-hdp2"));
  expect(moved).toHaveLength(2);
  for (const { verdict, reason } of moved)
    expect({ verdict, reason }).toEqual({
      verdict: "missing",
      reason: expect.stringContaining("on hive-cdh4"),
    });
});
