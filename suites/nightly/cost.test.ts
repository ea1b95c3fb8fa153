import { resolve } from "node:path";
import { expect, test } from "vitest";
import { openPlace } from "../containers/place.ts";

/** The control of suites/containers/cost.test.ts: what costs the same is not red. */

const config = ["--config", resolve(import.meta.dirname, "../../interlock.config.ts")];

test("an older release of the same cost passes", async () => {
  await using place = await openPlace();
  const load = ["--finished", "1000", "--jobs", "30"];
  const { exitCode, stdout } = await place.interlock(["cost", ...config, "--api", "2026-05", ...load]).ended;
  expect(stdout).toMatch(/^PASS: \d{3} counts compared, 0 too high; 1000 ended jobs, 20 waiting, 30 run;/m);
  expect(exitCode).toBe(0);
});
