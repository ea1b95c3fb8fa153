import { link, mkdir, readFile, readlink, stat, symlink } from "node:fs/promises";
import { resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commands } from "../../harness/commands/index.ts";
import { Place } from "./place.ts";

/** Where a command is to write is looked at before it reads, starts or writes anything. */

const config = resolve("interlock.config.ts");
const schedule = resolve("docs/rollout.schedule.json");
/** Judged or run it would be refused too, but by other words and after its place was written. */
const read = "what is read, whatever it says";

let place: Place;
beforeAll(async () => {
  place = await Place.open();
  for (const name of ["read.txt", "hard.txt"]) await place.put(name, read);
  await place.put("file", "");
  await mkdir(place.path("folder"));
  await mkdir(place.path(".interlock/reports"), { recursive: true });
  await symlink("read.txt", place.path("soft.txt"));
  await link(place.path("read.txt"), place.path("second.txt"));
  await execa("mkfifo", [place.path("pipe")]);
  await place.put("interlock.config.mts", read);
});
afterAll(() => place[Symbol.asyncDispose]());

const lost = (flag: string, input: string) =>
  `interlock: ${flag}: is what is read as ${input}, and would be lost; name another file`;

describe("an output in the place of an input is refused, and the input is left as it is", () => {
  test.concurrent.each<[string[], string]>([
    [["check", "read.txt", "--html", "read.txt"], lost("--html read.txt", "read.txt")],
    [["check", "soft.txt", "--ctrf", "./read.txt"], lost("--ctrf ./read.txt", "soft.txt")],
    [["check", "read.txt", "--markdown", "second.txt"], lost("--markdown second.txt", "read.txt")],
    [["check", "read.txt", "--trace", "folder/../soft.txt"], lost("--trace folder/../soft.txt", "read.txt")],
    [["shrink", "read.txt", "--out", "read.txt"], lost("--out read.txt", "read.txt")],
    [["diff", "current", "read.txt", "--junit", "read.txt"], lost("--junit read.txt", "read.txt")],
    [
      ["diff", "a", "b", "--reads", "read.txt", "--html", "read.txt"],
      lost("--html read.txt", "--reads read.txt"),
    ],
    [["run", "--config", "read.txt", "--html", "read.txt"], lost("--html read.txt", "--config read.txt")],
    [["run", "--sign", "read.txt", "--html", "read.txt"], lost("--html read.txt", "--sign read.txt")],
    [
      ["run", "--durations", "read.txt", "--ctrf", "read.txt"],
      lost("--ctrf read.txt", "--durations read.txt"),
    ],
    [
      ["gate", "--deployed", "read.txt", "--candidate", "file", "--html", "read.txt"],
      lost("--html read.txt", "--deployed read.txt"),
    ],
    [
      ["up", "--html", "interlock.config.mts"],
      lost("--html interlock.config.mts", "--config interlock.config.mts"),
    ],
  ])("%j", async (argv, message) => {
    const said = await place.interlock(...argv);
    expect(said).toEqual({ exitCode: 64, stdout: "", stderr: message });
    for (const name of ["read.txt", "interlock.config.mts"])
      expect(await readFile(place.path(name), "utf8")).toBe(read);
  });

  test("every option that is a file says whether it is read or written", () => {
    const files = Object.entries(commands).flatMap(([name, { options }]) =>
      Object.entries(options).flatMap(([flags, { reads, writes }]) =>
        /<(?:file|key|result)>/.test(flags) && reads === undefined && writes === undefined
          ? [`${name} ${flags}`]
          : [],
      ),
    );
    expect(files).toEqual([]);
  });
});

describe("an output in the place of what a run has left is refused, whoever reads it", () => {
  const left = [
    "history.jsonl",
    "evidence.intoto.jsonl",
    "result.json",
    "logs/api.log",
    "history.bodies/1.json",
  ];
  beforeAll(async () => {
    for (const folder of ["logs", "history.bodies"])
      await mkdir(place.path(`shards/1/${folder}`), { recursive: true });
    for (const file of left) await place.put(`shards/1/${file}`, read);
    await place.put("shards/1/report.html", read);
  });

  test.concurrent.each<[string, string]>([
    ["merge shards --html", "history.jsonl"],
    ["shrink read.txt --out", "evidence.intoto.jsonl"],
    ["check read.txt --json --junit", "result.json"],
    ["diff a b --markdown", "logs/api.log"],
    ["gate --deployed read.txt --candidate file --ctrf", "history.bodies/1.json"],
  ])("%s shards/1/%s", async (command, file) => {
    const [flag = ""] = command.split(" ").slice(-1);
    const path = `shards/1/${file}`;
    const { exitCode, stdout, stderr } = await place.interlock(...command.split(" "), path);
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
    const run = place.path("shards/1");
    expect(stderr).toBe(
      `interlock: ${flag} ${path}: belongs to the run in ${run}, and would be lost; name another file`,
    );
    expect(await readFile(place.path(path), "utf8")).toBe(read);
  });

  test("a report that stands beside it may be written again", async () => {
    const { stderr } = await place.interlock("check", "read.txt", "--html", "shards/1/report.html");
    expect(stderr).toMatch(/^interlock: read\.txt:1: is no history/);
  });
});

test("a link that leads to nothing is looked at, and is as it was", async () => {
  await symlink("nothing.html", place.path("leads.html"));
  const argv = ["check", "read.txt", "--html", "leads.html", "--ctrf", "no/folder/report.json"];
  const { exitCode, stderr } = await place.interlock(...argv);
  expect({ exitCode, stderr }).toEqual({ exitCode: 64, stderr: expect.stringContaining("--ctrf no/folder") });
  expect(await readlink(place.path("leads.html"))).toBe("nothing.html");
  await expect(stat(place.path("nothing.html"))).rejects.toThrow("ENOENT");
});

describe("two outputs in one place are refused", () => {
  const twice = (flag: string, other: string) =>
    `interlock: ${flag}: is written by ${other} as well; name another file`;

  test.concurrent.each<[string[], string]>([
    [["check", "read.txt", "--html", "new", "--junit", "./new"], twice("--html new", "--junit ./new")],
    [["check", "read.txt", "--html", "file", "--ctrf", "file"], twice("--ctrf file", "--html file")],
    [
      ["check", "read.txt", "--html", "not/there/yet", "--junit", "not/there/../there/yet"],
      twice("--html not/there/yet", "--junit not/there/../there/yet"),
    ],
    [
      ["check", "read.txt", "--reporter", "html", "--trace", ".interlock/reports/report.html"],
      twice("--reporter html", "--trace .interlock/reports/report.html"),
    ],
  ])("%j", async (argv, message) => {
    expect(await place.interlock(...argv)).toEqual({ exitCode: 64, stdout: "", stderr: message });
  });

  test("also where one of them is standard output, but not where both are a device", async () => {
    const interlock = (to: string) =>
      execa(
        "bash",
        ["-c", `"$0" "$1" check read.txt --html ${to} >${to}`, process.execPath, resolve("harness/cli.ts")],
        {
          cwd: place.folder,
          reject: false,
        },
      );
    expect((await interlock("printed.html")).stderr).toBe(twice("--html printed.html", "standard output"));
    expect((await interlock("/dev/null")).stderr).toContain("read.txt:1: is no history");
  });
});

describe("a place that cannot be written is refused before the work", () => {
  test.concurrent.each<[string[], string]>([
    [["contracts", "--out", "no/folder"], "--out no/folder: cannot be written: ENOENT"],
    [["contracts", "--out", "folder"], "--out folder: cannot be written: EISDIR"],
    [["reads", "--out", "file/in"], "--out file/in: cannot be written: ENOTDIR"],
    [["shrink", schedule, "--out", "folder"], "--out folder: cannot be written: EISDIR"],
    [["shrink", schedule, "--out", "file/in"], "--out file/in: cannot be written: EEXIST"],
    [["shrink", schedule, "--out", "pipe"], "--out pipe: cannot be written: it is a pipe or a device"],
    [["mutants", "--save", "file"], "--save file: cannot be written: EEXIST"],
    [["rollout", "--save", "file/in"], "--save file/in: cannot be written: ENOTDIR"],
  ])("%j", async ([name = "", ...argv], message) => {
    const withConfig = name === "contracts" ? [] : ["--config", config];
    const said = await place.interlock(name, ...argv, ...withConfig);
    expect(said).toMatchObject({ exitCode: 64, stdout: "" });
    expect(said.stderr).toContain(`interlock: ${message}`);
    expect(said.stderr.split("\n")).toHaveLength(1);
    expect(said.stderr).toMatch(
      message.includes("ENOENT") ? /; make its folder first, or name/ : /; name another (?:file|folder)$/,
    );
    expect((await stat(place.path("pipe"))).isFIFO()).toBe(true);
  });

  test("and one that can be says so where the command is refused for something else", async () => {
    const argv = ["explore", "--config", config, "--api", "none", "--html", "fresh.html", "--junit", "file"];
    expect(await place.interlock(...argv)).toMatchObject({ exitCode: 64 });
    for (const file of ["fresh.html", "file"])
      expect(await readFile(place.path(file), "utf8")).toContain("no such release");
  });
});

test("a report to a pipe is whole: its reader is not ended before there is one", async () => {
  await execa("mkfifo", [place.path("named")]);
  const reader = execa("cat", ["named"], { cwd: place.folder });
  const argv = [resolve("harness/cli.ts"), "check", "read.txt", "--junit", "named"];
  const writer = await execa(process.execPath, argv, { cwd: place.folder, reject: false, timeout: 30_000 });
  expect([writer.exitCode, (await reader).stdout]).toEqual([64, expect.stringContaining("</testsuites>")]);
});

describe("releases and workers that flags name are looked up before anything is started", () => {
  const ofApi = "no API release none in the config; it has 2026-05, current";
  const ofWorkers = "--worker v5=none: no such release of these workers in the config; it has current, next";
  const ofCode = (flag: string) =>
    `${flag}: no such release among the in-process builds of the config; they are current`;

  test.concurrent.each<[string[], string]>([
    [["up", "--api", "none"], ofApi],
    [["up", "--without", "none"], "--without none: the config has the workers worker-v5, worker-v6"],
    [["run", "--api", "none"], ofApi],
    [["run", "--worker", "v5=none"], ofWorkers],
    [["run", "--list", "--worker", "v5=none"], ofWorkers],
    [["cost", "--worker", "v5=none"], ofWorkers],
    [["cost", "--deployed-worker", "v6=none"], "--deployed-worker v6=none: no such release of these workers"],
    [["sessions", "--worker", "v5=none"], ofWorkers],
    [["query-plans", "--worker", "v5=none"], ofWorkers],
    [["explore", "--api", "none"], ofCode("--api none")],
    [["explore", "--rig", "containers", "--api", "none"], ofApi],
    [["reads", "--api", "none"], ofCode("--api none")],
    [["replay", schedule, "--api", "none"], ofCode("--api none")],
    [["replay", schedule, "--worker", "v5=none"], ofCode("--worker v5=none")],
    [["replay", schedule, "--rig", "wire", "--worker", "v6=none"], ofCode("--worker v6=none")],
    [["replay", schedule, "--rig", "containers", "--worker", "v5=none"], ofWorkers],
    [["replay", schedule, "--rig", "containers", "--api", "none"], ofApi],
  ])("%j", async (argv, message) => {
    const env = { DOCKER_HOST: "tcp://127.0.0.1:1" };
    const command = [resolve("harness/cli.ts"), ...argv, "--config", config];
    const options = { cwd: place.folder, reject: false, env } as const;
    const { exitCode, stdout, stderr } = await execa(process.execPath, command, options);
    expect([exitCode, stdout, stderr]).toEqual([64, "", expect.stringContaining(`interlock: ${message}`)]);
  });
});
