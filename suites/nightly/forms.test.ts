import { cp, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import standard from "../../interlock.config.ts";
import { expectGreen, onLinks, replay, run, whole } from "../containers/forms.ts";
import { expectNothingLeft, openPlace, type Place } from "../containers/place.ts";
import { runningMysql } from "../containers/running-mysql.ts";
import { scheduleOf } from "../containers/schedule-bed.ts";
import { seeded } from "../containers/seeded.ts";
import { expectTrouble } from "../containers/trouble.ts";

/** A MySQL that runs already, and the environment by which a config finds it. */
async function besideMysql({ folder }: Place) {
  const seed = crypto.randomUUID();
  const { init } = standard({ secret: seeded(seed) }).mysql;
  const mysql = await runningMysql(folder, init as string);
  return { ...mysql, env: { TEST_MYSQL: mysql.url, TEST_SEED: seed } };
}

/** Components of another commit, at a URL, and apart from each other find each other, wherever each of them runs. */

describe("a system of which", () => {
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
    await using mysql = await besideMysql(place);
    expectGreen(await place.interlock(run("standard/mysql-by-url"), mysql.env).ended);
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

describe("a replay on a system of which", () => {
  test("the API, the worker and the destination are programs, without a fault, breaks nothing", async () => {
    await using place = await openPlace();
    const ran = await replay(place, "standard/programs", scheduleOf("presto", "web", 1));
    expect(ran).toMatchObject(whole);
    await expectNothingLeft(place);
  });

  test("MySQL runs already, with a fault on every link, breaks nothing", async () => {
    await using place = await openPlace();
    await using mysql = await besideMysql(place);
    const schedule = scheduleOf("presto", "web", 1, onLinks);
    const ran = await replay(place, "standard/mysql-by-url", schedule, mysql.env);
    expect(ran).toMatchObject(whole);
    await expectNothingLeft(place);
  });
});
