import { cp, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import type { RunResult } from "../../harness/matrix/result.ts";
import type { Replay } from "../../harness/replay/replay.ts";
import type { Planned, Schedule } from "../../harness/schedule/schedule.ts";
import standard from "../../interlock.config.ts";
import type { Ended } from "./interlock.ts";
import { configFile, expectNothingLeft, openPlace, type Place } from "./place.ts";
import { runningMysql } from "./running-mysql.ts";
import { scheduleOf, site } from "./schedule-bed.ts";
import { seeded } from "./seeded.ts";
import { expectTrouble } from "./trouble.ts";

/** Components as images, as programs of this machine and as URLs find each other, wherever each of them runs. */
const run = (config: string) => [
  "run",
  "--json",
  "--config",
  configFile(config),
  ...["web", "mysql-append", "insert-into"].flatMap((scenario) => ["--cell", `current/*/${scenario}`]),
];

const expectGreen = ({ exitCode, stdout, stderr }: Ended): RunResult => {
  expect({ exitCode, stderr, stdout }).toEqual({ exitCode: 0, stderr, stdout });
  const result = JSON.parse(stdout) as RunResult;
  expect(result.cells.map(({ verdict }) => verdict)).toEqual(Array.from({ length: 9 }, () => "pass"));
  return result;
};

describe("a system of which", () => {
  test("the API, a worker and a destination are programs of this machine passes beside a worker in a container", async () => {
    await using place = await openPlace();
    const { identities } = expectGreen(await place.interlock(run("standard/programs")).ended);
    const contained = identities.filter(({ image }) => image !== null).map(({ component }) => component);
    expect(contained).toEqual(["worker-v6"]);
    await expectNothingLeft(place);
  });

  test("the API is a program of another commit passes; the commit after it, which does not start, is named", async () => {
    await using place = await openPlace();
    await twoCommits(place.folder);
    const { identities } = expectGreen(
      await place.interlock(run("standard/by-ref"), { TEST_REF: "released" }).ended,
    );
    expect(identities.find(({ component }) => component === "api")).toMatchObject({ image: null });
    expectTrouble(await place.interlock(run("standard/by-ref"), { TEST_REF: "main" }).ended, {
      component: "api",
      expected: "it to ",
      happened: "it exited with code 9",
      next: "its whole log",
      within: 60_000,
    });
    const { exitCode, stderr } = await place.interlock(run("standard/by-ref"), { TEST_REF: "v9" }).ended;
    expect(stderr).toContain("api: ref: v9 is no commit of this repository; fetch it, or name another");
    expect(exitCode).toBe(64);
    await expectNothingLeft(place);
  });

  test("MySQL runs already, on loopback alone, passes with an API and workers in containers", async () => {
    await using place = await openPlace();
    const seed = crypto.randomUUID();
    const { init } = standard({ secret: seeded(seed) }).mysql;
    await using mysql = await runningMysql(place.folder, init as string);
    expectGreen(
      await place.interlock(run("standard/mysql-by-url"), { TEST_MYSQL: mysql.url, TEST_SEED: seed }).ended,
    );
    await expectNothingLeft(place);
  });

  test("two workers are of one generation, each with an engine of its own, passes", async () => {
    await using place = await openPlace();
    const { identities } = expectGreen(await place.interlock(run("standard/split-workers")).ended);
    const probes = identities.map(({ component, probe }) => [component, probe] as const);
    expect(Object.fromEntries(probes)).toMatchObject({
      "worker-v5-presto": "claims presto as v5",
      "worker-v5-hive": "claims hive-cdh4 as v5",
      "worker-v6": "claims hive-hdp2 as v6",
    });
    await expectNothingLeft(place);
  });
});

/** A repository of the fixtures as they are, tagged `released`; on the branch `main` their API ends at once. */
async function twoCommits(folder: string): Promise<void> {
  const root = resolve(import.meta.dirname, "../..");
  const git = (...words: string[]) =>
    execa("git", ["-c", "user.name=Test", "-c", "user.email=test@localhost", ...words], { cwd: folder });
  for (const name of ["fixtures", "contracts", "package.json"])
    await cp(join(root, name), join(folder, name), {
      recursive: true,
      filter: (file) => basename(file) !== "node_modules",
    });
  await git("init", "-q", "-b", "main");
  await git("add", "-A");
  await git("commit", "-q", "-m", "as it is");
  await git("tag", "released");
  await writeFile(join(folder, "fixtures/api/main.ts"), "process.exit(9);\n");
  await git("commit", "-q", "-a", "-m", "broken");
}

/** Replays a schedule in containers on a config. */
async function replay(place: Place, config: string, schedule: Schedule, env: Record<string, string> = {}) {
  await writeFile(join(place.folder, "schedule.json"), JSON.stringify(schedule));
  const argv = ["replay", "schedule.json", "--rig", "containers", "--json", "--config", configFile(config)];
  const { exitCode, stdout, stderr } = await place.interlock(argv, env).ended;
  expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/^\{/), stderr });
  return { exitCode, ...(JSON.parse(stdout) as Replay) };
}

const whole = { exitCode: 0, outcome: "whole", broken: [], unfired: [] };

/** One on every link that such a job uses. */
const onLinks: Planned[] = [
  { at: site("after", "job.issue", "customer->api"), fault: { kind: "lost" } },
  { at: site("after", "deliver", "worker->destination"), fault: { kind: "truncated" } },
  { at: site("after", "saveResult", "worker->warehouse"), fault: { kind: "lost" } },
  { at: site("before", "worker.finish", "worker->api"), fault: { kind: "late", ms: 1_000 } },
  { at: site("after", "worker.finish", "api->database", null), fault: { kind: "lost" } },
];

describe("a replay on a system of which", () => {
  test.each<[string, readonly Planned[]]>([
    ["without a fault", []],
    ["with a fault on every link", onLinks],
  ])("the API, the worker and the destination are programs, %s, breaks nothing", async (_, faults) => {
    await using place = await openPlace();
    const ran = await replay(place, "standard/programs", scheduleOf("presto", "web", 1, faults));
    expect(ran).toMatchObject(whole);
    await expectNothingLeft(place);
  });

  test.each<[string, Planned["fault"]]>([
    ["worker", { kind: "kill", process: "worker", ms: null }],
    ["api", { kind: "pause", process: "api", ms: 1_000 }],
  ])(
    "the %s is a program and is to die or to stand still is invalid, and says which form it needs",
    async (process, fault) => {
      await using place = await openPlace();
      const planned = { at: site("before", "worker.finish", "worker->api"), fault };
      const ran = await replay(place, "standard/programs", scheduleOf("presto", "web", 1, [planned]));
      const unfired = [
        expect.stringContaining(
          `the config has the ${process} in a form that cannot be killed or paused; name it as an image`,
        ),
      ];
      expect(ran).toMatchObject({ exitCode: 2, outcome: "invalid", unfired, historyHash: null });
      expect(await place.runs()).toEqual([]);
    },
  );

  test("MySQL runs already, with a fault on every link, breaks nothing", async () => {
    await using place = await openPlace();
    const seed = crypto.randomUUID();
    const { init } = standard({ secret: seeded(seed) }).mysql;
    await using mysql = await runningMysql(place.folder, init as string);
    const env = { TEST_MYSQL: mysql.url, TEST_SEED: seed };
    const ran = await replay(place, "standard/mysql-by-url", scheduleOf("presto", "web", 1, onLinks), env);
    expect(ran).toMatchObject(whole);
    await expectNothingLeft(place);
  });
});
