import { execa } from "execa";
import { expect, test } from "vitest";

/** Every single fault and every pair; a change runs a 32nd of the pairs. */

test("no single fault and no pair breaks an invariant", { timeout: 2 * 60 * 60_000 }, async () => {
  const { exitCode, stdout } = await execa(
    process.execPath,
    ["harness/cli.ts", "explore", "--rig", "simulated", "--json"],
    { reject: false, maxBuffer: 100_000_000 },
  );
  const { verdict, phases } = JSON.parse(stdout) as {
    verdict: string;
    phases: { name: string; schedules: number }[];
  };
  expect({ exitCode, verdict }).toEqual({ exitCode: 0, verdict: "pass" });
  const pairs = phases.find(({ name }) => name === "pairs of faults");
  expect(pairs?.schedules).toBeGreaterThan(400_000);
});
