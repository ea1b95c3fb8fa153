import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withConfig } from "./failing-schedules.ts";
import { Place } from "./place.ts";

/** `interlock explore` through the real command line. */

let place: Place;
beforeAll(async () => {
  place = await Place.open();
});
afterAll(() => place[Symbol.asyncDispose]());

const explored = (...argv: string[]) => place.interlock("explore", ...argv, ...withConfig);

test("a workload over real fetch and HTTP: every single fault on the first of two engines of one code, and so many random ones; exit 0", {
  timeout: 120_000,
}, async () => {
  const grepped = ["--rig", "wire", "--grep", "v5-.*/insert-into$"];
  const { exitCode, stdout, stderr } = await explored(...grepped, "--random", "20", "--json");
  const result = JSON.parse(stdout);
  expect([exitCode, result]).toMatchObject([
    0,
    { rig: "wire", exit: 0, counterexamples: [], tally: { found: [], broken: {} } },
  ]);
  expect(stderr).toContain(" 1 workloads (engine x scenario)");
  const singles = Number(/ (\d+) single faults/.exec(stderr)?.[1]);
  expect(singles).toBeGreaterThan(100);
  expect(result.phases).toMatchObject([
    { name: "single faults", schedules: singles + 2 },
    { name: "random schedules", schedules: 20 },
  ]);
  expect(result.leftOut).toContain(
    `${singles} single faults with v5-hive-cdh4, which runs the same code as another engine; --cell picks it`,
  );
});

test("a build that breaks an invariant: exit 1, and the smallest counterexample in a file that repeats", {
  timeout: 120_000,
}, async () => {
  const build = ["--api", "ended-job-runs-again"];
  const fewest = [
    "--rig",
    "simulated",
    "--cell",
    "*/v5-presto/no-output",
    "--random",
    "0",
    "--pairs",
    "1/100",
  ];
  const { exitCode, stdout } = await explored(...fewest, ...build);
  expect(stdout).toMatch(
    /\nVIOLATION: \d+ schedules on simulated, API ended-job-runs-again, seed 1: violations: /,
  );
  expect(exitCode).toBe(1);
  const file = /script\/interlock replay (\S+)/.exec(stdout)?.[1] ?? "";
  const again = await place.interlock("replay", file, ...withConfig);
  expect([again.exitCode, again.stdout]).toEqual([1, expect.stringContaining("repeated: ")]);
});

describe("what cannot be is refused with exit 64, before anything is run", () => {
  test.concurrent.each([
    [["--rig", "wire", "--junit", "no/folder/j.xml"], "--junit no/folder/j.xml: cannot be written"],
    [["--rig", "simulated", "--cell", "*/select", "*/v7-*/**"], "no workload matches */select, */v7-*/**"],
    [
      ["--grep", "insert-into", "--cell", "*/v5-*/create-table"],
      "no workload matches --grep insert-into; there are",
    ],
    [["--grep", "(v5"], "--grep (v5: is no regular expression"],
  ])("%j", async (argv, message) => {
    const { exitCode, stdout, stderr } = await explored(...argv);
    expect([exitCode, stdout, stderr]).toEqual([64, "", expect.stringContaining(message)]);
  });
});
