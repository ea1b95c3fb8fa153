import { resolve } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";

/** Every window of the fixtures' policy, with more long plans than a change has time for. */
test("the fixtures' releases roll through every window, there and back", async () => {
  const argv = [resolve("harness/cli.ts"), "rollout", "--random", "300", "--json"];
  const { exitCode, stdout } = await execa(process.execPath, argv, { reject: false, stdin: "ignore" });
  const { verdict, windows } = JSON.parse(stdout);
  expect([exitCode, verdict, windows.length]).toEqual([0, "pass", 2]);
});
