import { expect, test } from "vitest";
import { explore } from "../../harness/explore/explore.ts";
import { Threads } from "../../harness/explore/threads.ts";
import { currentSystem, releases } from "./system.ts";

const config = "interlock.config.ts";

test("no single fault, and none of some random schedules, breaks an invariant; each was put to the test", {
  timeout: 120_000,
}, async () => {
  await using threads = new Threads({ config, releases, rig: "simulated" });
  const lines: string[] = [];
  const { tally, phases, untested, exit } = await explore(await currentSystem(), threads, {
    rig: "simulated",
    releases,
    seed: 41,
    cells: [],
    pairs: false,
    grid: false,
    random: 1_000,
    onLine: (line) => lines.push(line),
    onProgress: () => {},
    now: () => performance.now(),
  });
  expect(tally.found).toEqual([]);
  expect({ untested, exit }).toEqual({ untested: [], exit: 0 });
  const [singles, random] = phases;
  expect(lines[0]).toMatch(/^9 workloads \(engine x statement\), \d+ sites, \d+ single faults/);
  // Beside the single faults each workload is run once without.
  expect(singles?.schedules).toBe(Number(/(\d+) single faults/.exec(lines[0] ?? "")?.[1]) + 9);
  expect(random?.schedules).toBe(1_000);
  expect(tally.invalid).toBeLessThan(200);
});
