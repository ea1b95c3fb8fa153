import { rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { baseSchedule } from "../../harness/explore/workloads.ts";
import { Place } from "../trust/place.ts";

/** `interlock rollout` as it is called. */

let place: Place;
beforeAll(async () => {
  place = await Place.open();
});
afterAll(() => place[Symbol.asyncDispose]());

/** The standard config with a line of changes. */
const configWith = (line: string) =>
  place.put(
    "mine.config.ts",
    `import standard from ${JSON.stringify(resolve("interlock.config.ts"))};
export default (context) => { const config = { ...standard(context) }; ${line}; return config; };`,
  );
const rollout = (...argv: string[]) => place.interlock("rollout", "--config", "mine.config.ts", ...argv);
const oneScenario = 'config.scenarios = config.scenarios.filter(({ name }) => name === "mysql-append")';

test("--dry-run prints every plan as a tree and runs none", async () => {
  await configWith(oneScenario);
  const { exitCode, stdout, stderr } = await rollout("--dry-run", "--api", "2015-08-24");
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^api current, v5 current, v6 current -> api 2015-08-24, .* short plans, /m);
  expect(stdout).toMatch(/^plan 1: api current, current; v5 current; v6 current; \d+ jobs, 2 at once$/m);
  expect(stdout).toMatch(
    /^ {2}└ 1\. step: api becomes release 2015-08-24, .*, after the 1st worker\.claim of job 1/m,
  );
});

test("a candidate that must not go out while v5 is live is red, with its smallest plan to replay", async () => {
  const policy = '{ apis: [{ release: "current", takes: { v5: ["current"], v6: ["current"] } }] }';
  await configWith(`${oneScenario}; config.skew = ${policy}`);
  const { exitCode, stdout, stderr } = await rollout("--api", "2015-08-24", "--random", "2");
  expect(exitCode).toBe(1);
  // The plans as a tree, before they run.
  expect(stderr).toMatch(/: \d+ short plans\n +└ api becomes 2015-08-24: \d+\n +├ no step more: \d+\n/);
  expect(stdout).toContain("✕ together: api 2015-08-24, v5 current, v6 current");
  expect(stdout).toMatch(
    /^VIOLATION: \d+ plans through 1 window, \d+ red, and 1 of the releases together, seed 1/m,
  );
  const [, file = ""] =
    /in its smallest form: script\/interlock replay (\S+) --config mine\.config\.ts$/m.exec(stdout) ?? [];
  const again = await place.interlock("replay", file, "--config", "mine.config.ts");
  expect(again.exitCode).toBe(1);
  // It is red as well where the plan cannot be kept.
  await rm(place.path(dirname(file)), { recursive: true });
  await place.put(dirname(file), "");
  const untold = await rollout("--api", "2015-08-24", "--random", "2");
  expect(untold.exitCode).toBe(1);
  expect(untold.stderr).toContain("the first red plan was not kept: counterexample: expected");
});

test("a plan that is replayed is held against the same jobs without its steps", async () => {
  await configWith(oneScenario);
  const schedule = baseSchedule("presto", "mysql-append", { api: "2026-05", workers: { v5: "current" } }, 1);
  const at = { link: "worker->api", operation: "worker.claim", phase: "after", job: 1, occurrence: 1 };
  const replayed = async (release: string) => {
    const fault = { kind: "version", process: "api", name: "api", release, ms: 300 };
    await place.put("plan.json", JSON.stringify({ ...schedule, faults: [{ at, fault }] }));
    return place.interlock("replay", "plan.json", "--config", "mine.config.ts");
  };
  const red = await replayed("2015-08-24");
  expect(red.exitCode).toBe(1);
  expect(red.stdout).toMatch(/^I10, job 1: .*; without the steps /m);
  const green = await replayed("current");
  expect([green.exitCode, green.stdout]).toEqual([0, expect.not.stringContaining("I10")]);
});

test("a window that nobody can pass through is told with the reason, and is red where an API refuses nobody", async () => {
  const stuck =
    '{ apis: [{ release: "2026-05", takes: { v5: ["current"], v6: ["current"] } }, { release: "current", takes: { v5: ["next"], v6: ["next"] } }] }';
  await configWith(`${oneScenario}; config.skew = ${stuck}`);
  const { exitCode, stdout } = await rollout("--random", "0");
  expect(exitCode).toBe(1);
  expect(stdout).toContain("✕ refused: api 2026-05, v5 next");
  expect(stdout).toContain("? no allowed order of its steps leads to its end");
});

test("plan --together has a command for each combination, each with a number of its own", async () => {
  await configWith(oneScenario);
  const plan = (...argv: string[]) => place.interlock("plan", "--config", "mine.config.ts", ...argv);
  const { stdout } = await plan("--together", "--shards", "2", "--format", "github");
  const { include } = JSON.parse(stdout);
  expect(include).toHaveLength(2 * 9);
  expect(include.map(({ index }: { index: number }) => index)).toEqual(
    Array.from({ length: 18 }, (_, i) => i + 1),
  );
  expect(include.at(-1)).toMatchObject({
    shard: "2/2",
    releases: "api next, v5 next, v6 next",
    command: "script/compat --shard 2/2 --api next --worker v5=next --worker v6=next --config mine.config.ts",
  });
  const both = await plan("--together", "--shards", "2", "--api", "current");
  expect(both).toMatchObject({
    exitCode: 64,
    stdout: "",
    stderr: expect.stringContaining("leave --api out"),
  });
});

test.each<[string, string, string[], string]>([
  [
    "a config without a policy",
    "delete config.skew",
    [],
    "has no `skew`: name the releases that may be live together",
  ],
  [
    "a candidate that is not there",
    "",
    ["--api", "none"],
    "no API release none in the config; it has 2026-05, ",
  ],
  [
    "a policy with a release that is not there",
    'config.skew = { apis: [{ release: "gone", takes: { v5: ["current"] } }] }',
    [],
    "skew: names the API gone, which is not under api",
  ],
  [
    "a policy with one API",
    'config.skew = { apis: [{ release: "current", takes: { v5: ["current"], v6: ["current"] } }] }',
    [],
    "names one release of the API, so there is nothing to roll",
  ],
  [
    "a candidate that stands in the policy",
    "",
    ["--api", "2026-05"],
    "--api: 2026-05 stands in the policy already",
  ],
  [
    "a config of failures alone",
    'config.scenarios = config.scenarios.filter(({ ending }) => ending === "error")',
    [],
    "none that every engine runs ends in success",
  ],
  [
    "an API that takes nobody",
    'config.skew = { apis: [{ release: "current", takes: {} }] }',
    [],
    "takes no workers: nobody could do its jobs",
  ],
  ["a policy that allows nothing", "config.skew = { apis: [] }", [], "a policy that allows nothing"],
])("%s is refused with 64", async (_, line, argv, says) => {
  await configWith(line);
  const { exitCode, stdout, stderr } = await rollout(...argv);
  expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
  expect(stderr).toContain(says);
});
