import { expect, test } from "vitest";
import { explore } from "../../harness/explore/explore.ts";
import { Threads } from "../../harness/explore/threads.ts";
import { basesOf, usualScenarios } from "../../harness/explore/workloads.ts";
import { needsOf } from "../../harness/rigs/needs.ts";
import { config, releases, runOn } from "../status-sync/system.ts";

/** `.ci/run` explores all of them. */
const engines = ["presto"] as const;
const bases = basesOf(engines, usualScenarios(config.scenarios), releases, 41);
const others = basesOf(
  engines,
  config.scenarios.filter((scenario) => !usualScenarios(config.scenarios).includes(scenario)),
  releases,
  41,
);
const needs = needsOf((bases[0] as (typeof bases)[number]).base, config);

test("no single fault, and none of some random schedules, breaks an invariant; each was put to the test", {
  timeout: 200_000,
}, async () => {
  await using threads = new Threads({ config: "interlock.config.ts", needs, rig: "simulated" });
  const lines: string[] = [];
  const { tally, phases, untested, exit } = await explore(await runOn(), threads, bases, {
    rig: "simulated",
    releases,
    seed: 41,
    isWhole: true,
    others,
    leftOut: [],
    pairs: false,
    grid: false,
    random: 300,
    onLine: (line) => lines.push(line),
    onProgress: () => {},
    now: () => performance.now(),
  });
  expect(tally.found).toEqual([]);
  expect({ untested, exit }).toEqual({ untested: [], exit: 0 });
  const [singles, random, ...rest] = phases;
  const workloads = Number(/^(\d+) workloads \(engine x scenario\), \d+ sites/.exec(lines[0] ?? "")?.[1]);
  // Beside the single faults each workload is run once without.
  expect(singles?.schedules).toBe(Number(/(\d+) single faults/.exec(lines[0] ?? "")?.[1]) + workloads);
  expect(random?.schedules).toBe(300);
  expect({ workloads, rest: rest.map(({ name, schedules }) => [name, schedules]) }).toEqual({
    workloads: 8,
    rest: [
      ["takeovers of other scenarios", 68],
      ["what the probe alone asks", 72],
    ],
  });
  expect(tally.invalid).toBeLessThan(tally.schedules / 44);
});
