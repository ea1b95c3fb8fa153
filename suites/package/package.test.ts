import { readdir, readFile, stat } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serialise } from "../../harness/history/write.ts";
import { libraries } from "../../harness/report/page/assets.ts";
import type { Run } from "../../harness/rigs/run.ts";
import { runOn, workloadOf } from "../trust/failing-schedules.ts";
import { Place } from "../trust/place.ts";
import { type Installed, installIn } from "./installed.ts";

/**
 * What others install: made by `script/pack`, unpacked in a folder in which there is nothing else, and used there as
 * docs/package.md says.
 */

let place: Place;
let folder: string;
let tarball: string;
let manifest: Installed["manifest"];
beforeAll(async () => {
  place = await Place.open();
  ({ tarball, folder, manifest } = await installIn(place));
});
afterAll(() => place[Symbol.asyncDispose]());

/** As `npx interlock` calls it. No engine: what a run says then is the same on every machine. */
async function interlock(...argv: string[]) {
  const { bin } = manifest;
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [join(folder, bin?.["interlock"] ?? ""), ...argv],
    {
      cwd: place.folder,
      reject: false,
      stdin: "ignore",
      env: { DOCKER_HOST: "unix:///nowhere/docker.sock" },
    },
  );
  return { exitCode, stdout, stderr };
}

const tsc = resolve("node_modules/.bin/tsc");
const mebibyte = 2 ** 20;

describe("the package", () => {
  test("is what a package manager, Node and TypeScript expect of one", async () => {
    const { messages } = await publint({ pkgDir: folder, pack: false, strict: true });
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
  });

  test("is small, has no sources and no tests, and runs nothing when it is installed", async () => {
    expect((await stat(tarball)).size).toBeLessThan(mebibyte);
    const files = (await readdir(folder, { recursive: true })).filter((name) => !name.startsWith("docs/"));
    expect(files.length).toBeGreaterThan(500);
    expect(
      files.filter((name) => /(?<!\.d)\.ts$|\.test\.|\btesting\b|^fixtures\/(?!mysql)/.test(name)),
    ).toEqual([]);
    expect(manifest["scripts"]).toBeUndefined();
  });

  test("brings the libraries of the page as files, with the licence of all that is in them, and installs none", async () => {
    const installed = Object.keys({ ...manifest["dependencies"], ...manifest["optionalDependencies"] });
    expect(installed.filter((name) => /^(?:d3|@observablehq)/.test(name))).toEqual([]);
    const libraries = join(folder, "harness/report/page/libraries");
    expect((await readdir(libraries)).sort()).toEqual(["LICENSES.txt", "d3.min.js", "plot.umd.min.js"]);
    const licences = await readFile(join(libraries, "LICENSES.txt"), "utf8");
    for (const name of [
      "d3",
      "@observablehq/plot",
      "d3-scale-chromatic",
      "delaunator",
      "binary-search-bounds",
    ])
      expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+$`, "m"));
    expect(licences.match(/permission/gi)?.length).toBeGreaterThan(30);
  });

  test("brings the client of npm td, and installs what the client requires, not the 122 packages that td asks for", async () => {
    const client = join(folder, "harness/customers/td-client");
    expect((await readdir(client)).sort()).toEqual(["LICENSE", "index.cjs"]);
    const { stdout } = await execa(
      process.execPath,
      ["--eval", 'console.log(typeof require("#td").TDClient)'],
      { cwd: folder },
    );
    expect(stdout).toBe("function");
    const required = [
      ...(await readFile(join(client, "index.cjs"), "utf8")).matchAll(/require\("([^"]+)"\)/g),
    ]
      .map(([, name]) => name ?? "")
      .filter((name) => !isBuiltin(name));
    expect(Object.keys(manifest["dependencies"] ?? {})).toEqual(expect.arrayContaining(required));
    expect(manifest["dependencies"]).not.toHaveProperty("td");
  });

  test("the wire rig, which alone needs msw, says how to get it", async () => {
    expect(manifest["dependencies"]).not.toHaveProperty("msw");
    expect(manifest["peerDependenciesMeta"]).toEqual({ msw: { optional: true } });
    const code = `import("${join(folder, "harness/rigs/index.js")}").then(({ rigs }) => rigs.wire())`;
    const { stderr } = await execa(process.execPath, ["--eval", code], { reject: false });
    expect(stderr).toContain("wire rig: expected the package msw");
    const [major] = (manifest["peerDependencies"]?.["msw"] ?? "").match(/\d+/) ?? [];
    expect(stderr).toContain(`\`npm i -D msw@${major}\``);
  });

  test("asks for exact versions, and for nothing that only builds or tests it", () => {
    const asked = Object.entries({ ...manifest["dependencies"], ...manifest["optionalDependencies"] });
    expect(asked.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect(manifest["devDependencies"]).toBeUndefined();
  });
});

describe("in an empty folder", () => {
  test("--help names the commands", async () => {
    const { exitCode, stdout, stderr } = await interlock("--help");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^ {2}doctor /m);
  });

  test("init writes a config once, says what comes next, and the compiler finds nothing wrong with it", async () => {
    const first = await interlock("init");
    expect([first.exitCode, first.stderr]).toEqual([0, ""]);
    expect(first.stdout).toContain("npx interlock doctor");
    expect(first.stdout).not.toContain("install Interlock");
    expect(await readFile(place.path(".interlock/.gitignore"), "utf8")).toBe("*\n");
    expect(await interlock("init")).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining("nothing was written"),
    });
    // With the settings that the compiler itself gives to beginners, all of them strict.
    await execa(tsc, ["--init"], { cwd: place.folder });
    const text = await readFile(place.path("interlock.config.mts"), "utf8");
    await place.put("wrong.config.mts", text.replace('generation: "v6"', 'generation: "v7"'));
    const { stdout } = await execa(tsc, ["--noEmit", "--pretty", "false"], {
      cwd: place.folder,
      reject: false,
    });
    const told = stdout.split("\n").filter((line) => line.includes("error"));
    expect(told).toEqual([expect.stringMatching(/^wrong\.config\.mts.*"v7"/)]);
  });

  test("a config from before exports, as init wrote it, is refused by what it lacks, and what to do: exit 64", async () => {
    const now = await readFile(place.path("interlock.config.mts"), "utf8");
    await place.put("older.config.mts", now.replace(/ && output\?\.kind !== "s3"/, ""));
    const { exitCode, stdout, stderr } = await interlock("run", "--list", "--config", "older.config.mts");
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
    expect(stderr.split("\n")).toEqual([
      "interlock: older.config.mts:",
      expect.stringMatching(
        /^ {2}destinations: has no s3, to which \d+ of the scenarios deliver \(export, .*older Interlock.*`interlock init`/,
      ),
    ]);
  });

  test("a config of several files names its parts by their types", async () => {
    const example = await readFile(place.path("interlock.config.mts"), "utf8");
    await place.put("whole.mts", example);
    await place.put(
      "parts.mts",
      `import type { ApiComponent, Config, Customers, Destinations, Scenario, WorkerComponent } from "interlock";
import { defineConfig } from "interlock";
import { resultOutput } from "interlock/scenarios";
import whole from "./whole.mjs";

const scenarios: Scenario[] = [...resultOutput.filter(({ output }) => output === undefined)];
const api: ApiComponent = { image: "my/api:candidate" };
const worker: WorkerComponent = { command: ["worker"], generation: "v5", engines: ["presto"] };
const destinations: Destinations = { web: { url: "http://localhost:1" } };
const customers: Customers = { cdh4: { account: 1, apikey: "1/12345678", database: "sample" } };
export default defineConfig((context): Config => ({
  ...whole(context),
  api: { candidate: api },
  workers: { worker },
  destinations,
  customers,
  scenarios,
}));
`,
    );
    const { stdout } = await execa(tsc, ["--noEmit", "--pretty", "false"], {
      cwd: place.folder,
      reject: false,
    });
    expect(stdout.split("\n").filter((line) => /^(?:parts|whole)\.mts/.test(line))).toEqual([]);
  });

  test.concurrent("doctor finds the packages and the config, and says that there is no engine: exit 3", async () => {
    const { exitCode, stdout } = await interlock("doctor", "--json");
    const checks = Object.values(
      JSON.parse(stdout).checks as Record<string, { name: string; health: string }[]>,
    ).flat();
    const wanted = ["dependencies", "writable", "config", "config-loads", "engine"];
    const found = checks
      .filter(({ name }) => wanted.includes(name))
      .map(({ name, health }) => [name, health]);
    expect([exitCode, Object.fromEntries(found)]).toEqual([
      3,
      { dependencies: "ok", writable: "ok", config: "ok", "config-loads": "ok", engine: "fail" },
    ]);
  });

  test.concurrent("run --list and plan take the config as it was written", async () => {
    const { exitCode, stdout, stderr } = await interlock("run", "--list");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("candidate/v6-hive-hdp2/create-table");
    const planned = JSON.parse((await interlock("plan", "--shards", "2")).stdout);
    expect(planned.shards[0].command).toBe("npx interlock run --shard 1/2");
  });

  test.concurrent("check judges a history that a checkout has recorded", async () => {
    const [run] = (await (await runOn("current"))([workloadOf("current")])) as [Run];
    const name = await place.put("history.jsonl", serialise(run.events).text);
    expect(await interlock("check", name, "--json")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('"broken":[]'),
    });
    expect((await interlock("check", name, "--html", "page.html")).exitCode).toBe(0);
    const page = await readFile(place.path("page.html"), "utf8");
    for (const library of libraries) expect(page).toContain(library);
    const changed = serialise(run.events).text.replace('"rig":"simulated"', '"rig":"containers"');
    expect((await interlock("check", await place.put("changed.jsonl", changed))).exitCode).toBe(3);
  });

  test.concurrent("run says what to do where there is no engine: exit 3", async () => {
    const { exitCode, stderr } = await interlock("run", "--cell", "*/v5-presto/mysql-append");
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/Docker engine: expected .*\n {2}next: /)]);
    expect(stderr).not.toContain("script/");
  });
});
