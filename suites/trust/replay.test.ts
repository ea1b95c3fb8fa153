import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Counterexample, parseCounterexample } from "../../harness/counterexample.ts";
import { withoutStacks } from "../../harness/explore/without-stacks.ts";
import { historyHash } from "../../harness/history/hash.ts";
import { runSchedules } from "../../harness/rigs/in-process/run.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import {
  configFile,
  cores,
  failingSchedules,
  loadBuilds,
  systemOf,
  workloadOf,
} from "./failing-schedules.ts";

/** Counterexamples through the real command line: made, replayed, and refused where they are not what they say. */

const build = "forgets-after-restart";
let folder: string;
let file: string;
let made: Counterexample;

interface Said {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}
const interlock = async (...argv: string[]): Promise<Said> => {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [resolve("harness/cli.ts"), ...argv], {
    cwd: folder,
    reject: false,
    stdin: "ignore",
  });
  return { exitCode, stdout, stderr };
};
const withConfig = ["--config", resolve(configFile)];

/** A file in the folder with this text, or with this value as JSON. */
const put = async (name: string, content: unknown): Promise<string> => {
  await writeFile(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  return name;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "interlock-replay-"));
  const builds = await loadBuilds();
  const [schedule] = await withoutStacks(() => failingSchedules(builds, build, 1));
  await put("schedule.json", schedule as Schedule);
  const { exitCode, stdout, stderr } = await interlock("shrink", "schedule.json", ...withConfig);
  expect(exitCode, stderr).toBe(0);
  file = /replay it: interlock replay (\S+)/.exec(stdout)?.[1] as string;
  made = parseCounterexample(await readFile(join(folder, file), "utf8"), file);
});
afterAll(() => rm(folder, { recursive: true }));

describe("interlock shrink", () => {
  test("writes one file, named by invariant and history, and nothing half written", async () => {
    expect(file).toBe(`.interlock/counterexamples/I5-${made.historyHash.slice(0, 12)}.json`);
    expect(await readdir(join(folder, ".interlock/counterexamples"))).toHaveLength(1);
    expect(made.schedule.faults).toHaveLength(1);
    expect(made.found).toMatchObject({ globallyMinimal: true });
    expect(made.found.faultsBefore).toBeGreaterThan(1);
    expect(made.found.schedules).toBeGreaterThan(100);
  });

  test.concurrent("takes a counterexample too, and writes it where it is told", async () => {
    const { exitCode, stdout } = await interlock(
      "shrink",
      file,
      "--out",
      "again/smallest.json",
      ...withConfig,
    );
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("1 faults became 1"),
    });
    const again = parseCounterexample(await readFile(join(folder, "again/smallest.json"), "utf8"), "again");
    expect({ ...again, found: null }).toEqual({ ...made, found: null });
  });

  test.concurrent("of a schedule that breaks nothing says so with exit 2, and writes nothing", async () => {
    const whole = await put("whole.json", workloadOf(build));
    const { exitCode, stdout } = await interlock("shrink", whole, "--out", "never.json", ...withConfig);
    expect([exitCode, stdout]).toEqual([
      2,
      "whole.json: does not break any invariant: there is nothing to shrink",
    ]);
    expect(await readdir(folder)).not.toContain("never.json");
  });

  test.concurrent("that cannot write leaves nothing behind", async () => {
    const { exitCode, stderr } = await interlock("shrink", file, "--out", ".", ...withConfig);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining("counterexample: expected . to take it")]);
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

describe("a counterexample", () => {
  test("has the same history in 1,000 of 1,000 replays", async () => {
    const system = systemOf(await loadBuilds(), build);
    const hashes = new Set<string>();
    await withoutStacks(async () => {
      for (let round = 0; round < 50; round += 1) {
        const schedules = Array.from({ length: 20 }, () => structuredClone(made.schedule));
        for (const { events } of await runSchedules(system, schedules)) hashes.add(historyHash(events));
      }
    });
    expect([...hashes]).toEqual([made.historyHash]);
  });

  test.concurrent("repeats in a process of its own: exit 1, identical", async () => {
    const { exitCode, stdout } = await interlock("replay", file, ...withConfig);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("repeated: the same invariant broke again\nI5, job 1: ");
    expect(stdout).toContain("the history is identical to the recorded one");
  });

  test.concurrent("repeats as JSON", async () => {
    const { exitCode, stdout } = await interlock(
      "replay",
      file,
      "--json",
      "--rig",
      "simulated",
      ...withConfig,
    );
    const { expected, historyHash: hash } = made;
    const replay = { file, rig: "simulated", verdict: "repeated", exit: 1, expected, identical: true };
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([1, { ...replay, historyHash: hash, unfired: [] }]);
  });

  test.concurrent("that repeats with another history says so", async () => {
    const other = await put("other-hash.json", { ...made, historyHash: "0".repeat(64) });
    const { exitCode, stdout } = await interlock("replay", other, ...withConfig);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining("the history is not the recorded one")]);
  });

  test.concurrent("does not repeat on a build that is right: exit 2", async () => {
    const releases = { ...made.releases, api: "current" };
    const mended = { ...made, releases, schedule: { ...made.schedule, releases } };
    const { exitCode, stdout } = await interlock("replay", await put("mended.json", mended), ...withConfig);
    expect(exitCode).toBe(2);
    expect(stdout).toContain("did not repeat: I5 of job 1 stayed whole; nothing broke");
  });

  test.concurrent("of which a fault does not fire is invalid, and the fault is named: exit 2", async () => {
    const [planned] = made.schedule.faults;
    const nowhere = { ...planned, at: { ...planned?.at, job: 7 } };
    const schedule = { ...made.schedule, faults: [...made.schedule.faults, nowhere] };
    const { exitCode, stdout } = await interlock(
      "replay",
      await put("unfired.json", { ...made, schedule }),
      ...withConfig,
    );
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/invalid: .* did not fire:\nbefore the 1st \S+ of job 7 /);
  });

  test.concurrent("whose releases are not there names them and those that are: exit 3", async () => {
    const releases = { api: "next", workers: { v5: "v5.1", v6: "current" } };
    const gone = await put("gone.json", { ...made, releases, schedule: { ...made.schedule, releases } });
    const { exitCode, stdout, stderr } = await interlock("replay", gone, ...withConfig);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("there is no api next and no worker-v5 v5.1");
    expect(stderr).toMatch(/name one of current, .*forgets-after-restart/);
  });
});

describe("what cannot be replayed is refused with exit 64, and the place is named", () => {
  const [core] = cores[build] as [NonNullable<(typeof cores)[string]>[number]];
  const at = (more: object) => ({ faults: [{ ...core, at: { ...core.at, ...more } }] });
  const inSchedule = (more: object) => ({ ...made, schedule: { ...made.schedule, ...more } });

  const wrong: [what: string, content: () => unknown, ...says: string[]][] = [
    ["no JSON", () => '{"format": 1,', "wrong-0.json: is no JSON:", "position 13"],
    ["another kind of file", () => [], "wrong-1.json:", "the whole: Invalid input: expected object"],
    [
      "a newer format",
      () => ({ ...made, format: 2 }),
      "format: 2 was made by a newer Interlock; this one reads format 1",
    ],
    [
      "a schedule of a newer format",
      () => inSchedule({ format: 9 }),
      "schedule: format: 9 was made by a newer Interlock",
    ],
    [
      "a seed that is no number",
      () => inSchedule({ seed: "one" }),
      "seed: Invalid input: expected number, received string",
    ],
    ["an unknown link", () => inSchedule(at({ link: "api->worker" })), "faults[0].at.link", '"worker->api"'],
    [
      "an unknown operation",
      () => inSchedule(at({ operation: "worker.finnish" })),
      "faults[0].at.operation: worker.finnish is unknown on worker->api",
      "worker.finish",
    ],
    [
      "an unknown fault",
      () => inSchedule({ faults: [{ at: core.at, fault: { kind: "flood" } }] }),
      "faults[0].fault",
    ],
    ["an unknown key", () => ({ ...made, note: "mine" }), 'the whole: Unrecognized key: "note"'],
    [
      "an unknown invariant",
      () => ({ ...made, expected: { ...made.expected, invariant: "I99" } }),
      "expected.invariant: I99 is none of I1",
    ],
    [
      "a job that is not there",
      () => ({ ...made, expected: { ...made.expected, job: 4 } }),
      "expected.job: the workload has no job 4",
    ],
    [
      "two opinions of the seed",
      () => ({ ...made, seed: made.seed + 1 }),
      "seed: is not that of the schedule",
    ],
    [
      "two opinions of the releases",
      () => ({ ...made, releases: { api: "current", workers: {} } }),
      "releases: are not those of the schedule",
    ],
  ];
  test.each(wrong.map(([what, ...rest], i) => ({ what, name: `wrong-${i}.json`, rest })))(
    "$what",
    async ({ name, rest: [content, ...says] }) => {
      await put(name, content());
      const text = await readFile(join(folder, name), "utf8");
      expect(() => parseCounterexample(text, name)).toThrow(expect.objectContaining({ name: "UsageError" }));
      for (const say of says) expect(() => parseCounterexample(text, name)).toThrow(say);
    },
  );

  test.each([
    ["an unknown site", () => inSchedule(at({ operation: "x" })), [], "faults[0].at.operation: x is unknown"],
    ["an unknown rig", () => made, ["--rig", "moon"], "Allowed choices are simulated"],
  ])("%s, through the command line", async (what, content, flags, say) => {
    const name = await put(`${what}.json`, content());
    const { exitCode, stdout, stderr } = await interlock("replay", name, ...flags, ...withConfig);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 64,
      stdout: "",
      stderr: expect.stringContaining(say),
    });
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test("a file that is not there, through the command line", async () => {
    const { exitCode, stderr } = await interlock("replay", "nowhere.json", ...withConfig);
    expect([exitCode, stderr]).toEqual([64, expect.stringContaining("nowhere.json: cannot be read")]);
  });
});

describe("interlock check", () => {
  /** The history of the counterexample as a rig writes it down. */
  const lines = async (): Promise<string[]> => {
    const [run] = await runSchedules(systemOf(await loadBuilds(), build), [made.schedule]);
    return (run?.events ?? []).map((event) => JSON.stringify(event));
  };

  test("judges an old history again: exit 1 with what is broken", async () => {
    const whole = await put("history.jsonl", `${(await lines()).join("\n")}\n`);
    const { exitCode, stdout } = await interlock("check", whole);
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringContaining(`I5, job 1: ${made.expected.witnesses[0]}`),
    ]);
  });

  test("says nothing against a run without a fault: exit 0", async () => {
    const [run] = await runSchedules(systemOf(await loadBuilds(), build), [workloadOf(build)]);
    const whole = await put(
      "good.jsonl",
      (run?.events ?? []).map((event) => JSON.stringify(event)).join("\n"),
    );
    const { exitCode, stdout } = await interlock("check", whole, "--json");
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { broken: [], unfired: [] }]);
  });

  test("does not believe a history in which a fault did not fire: exit 2", async () => {
    const events = (await lines()).filter((line) => !line.includes('"kind":"fault"'));
    const unfired = events.map((line, seq) => JSON.stringify({ ...JSON.parse(line), seq })).join("\n");
    const { exitCode, stdout } = await interlock("check", await put("no-fault.jsonl", unfired));
    expect([exitCode, stdout]).toEqual([
      2,
      expect.stringContaining("these faults did not fire:\nbefore the "),
    ]);
  });

  test("of a history that is cut in the middle names the line: exit 3", async () => {
    const all = await lines();
    const half = all.slice(0, 10).join("\n").slice(0, -20);
    const { exitCode, stdout, stderr } = await interlock("check", await put("cut.jsonl", half));
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("history cut.jsonl:10: expected an event as JSON, but the last line is cut");
  });

  test("of what is no history says so: exit 64", async () => {
    await cp(join(folder, file), join(folder, "no-history.json"));
    const { exitCode, stderr } = await interlock("check", "no-history.json");
    expect([exitCode, stderr]).toEqual([64, expect.stringContaining("no-history.json:1: is no history")]);
  });
});
