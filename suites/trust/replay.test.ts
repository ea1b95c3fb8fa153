import { readdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { historyHash } from "../../harness/history/hash.ts";
import { type Counterexample, parseCounterexample } from "../../harness/replay/counterexample.ts";
import type { Planned } from "../../harness/schedule/schedule.ts";
import { failingSchedules, runOn, withConfig, workloadOf } from "./failing-schedules.ts";
import { Place } from "./place.ts";

/** Counterexamples through the real command line: made, replayed, and refused where they are not what they say. */

const build = "forgets-after-restart";
let place: Place;
let file: string;
let made: Counterexample;

beforeAll(async () => {
  place = await Place.open();
  const [schedule] = await failingSchedules(build, 1);
  const { stdout, stderr } = await place.interlock(
    "shrink",
    await place.put("schedule.json", schedule),
    ...withConfig,
  );
  const named = /replay it: script\/interlock replay (\S+)/.exec(stdout)?.[1];
  if (named === undefined) throw new Error(`nothing to replay: ${stdout}${stderr}`);
  file = named;
  made = parseCounterexample(await readFile(place.path(file), "utf8"), file);
});
afterAll(() => place[Symbol.asyncDispose]());

describe("interlock shrink", () => {
  test("writes one file, named by invariant and history, and nothing half written", async () => {
    expect(file).toBe(`.interlock/counterexamples/I5-${made.historyHash.slice(0, 12)}.json`);
    expect(await readdir(place.path(".interlock/counterexamples"))).toHaveLength(1);
    expect(made.schedule.faults).toHaveLength(1);
    expect(made.found).toMatchObject({ globallyMinimal: true });
    expect(made.found.faultsBefore).toBeGreaterThan(1);
    expect(made.found.schedules).toBeGreaterThan(100);
  });

  test.concurrent("takes a counterexample too, and writes it where it is told", async () => {
    const { exitCode, stdout } = await place.interlock(
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
    const again = parseCounterexample(await readFile(place.path("again/smallest.json"), "utf8"), "again");
    expect({ ...again, found: null }).toEqual({ ...made, found: null });
  });

  test.concurrent("of a schedule that breaks nothing says so with exit 2, and writes nothing", async () => {
    const whole = await place.put("whole.json", workloadOf(build));
    const { exitCode, stdout } = await place.interlock("shrink", whole, "--out", "never.json", ...withConfig);
    expect([exitCode, stdout]).toEqual([
      2,
      "whole.json: does not break any invariant: there is nothing to shrink",
    ]);
    expect(await readdir(place.folder)).not.toContain("never.json");
  });

  test.concurrent("that cannot write leaves nothing behind", async () => {
    // A limit on the size of files, as a disk that becomes full while it is at work.
    const line = `trap '' XFSZ; ulimit -f 0; exec "$@"`;
    const argv = [resolve("harness/cli.ts"), "shrink", file, "--out", "lost.json", ...withConfig];
    const { exitCode, stderr } = await execa("bash", ["-c", line, "bash", process.execPath, ...argv], {
      cwd: place.folder,
      reject: false,
    });
    const message = "counterexample: expected lost.json to take it";
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining(message)]);
    expect((await readdir(place.folder)).filter((name) => name.startsWith("lost"))).toEqual([]);
  });
});

describe("a schedule alone", () => {
  const example = resolve("docs/rollout.schedule.json");

  test.concurrent.each(["simulated", "wire"])(
    "that breaks an invariant on %s: its story, exit 1",
    async (rig) => {
      const { exitCode, stdout } = await place.interlock("replay", example, "--rig", rig, ...withConfig);
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(/^ {2}job 1: web on presto; 2 workers; .*\n {2}before the 1st worker.claim /);
      expect(stdout).toContain(" api started as release 2015-08-24\n");
      expect(stdout).toMatch(
        /found: job 1: 0 rows at the destination in 0 deliveries.*\nbroken:\nI4, job 1: /,
      );
      expect(stdout).not.toContain("history is");
    },
  );

  test.concurrent("that breaks nothing: exit 0", async () => {
    const whole = await place.put("calm.json", workloadOf("current"));
    const { exitCode, stdout } = await place.interlock("replay", whole, ...withConfig);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/\nwhole: no invariant broke$/)]);
  });

  test.concurrent("of which a fault does not fire: exit 2", async () => {
    const [planned] = made.schedule.faults as [Planned];
    const nowhere = { ...planned, at: { ...planned.at, occurrence: 99 } };
    const lacking = await place.put("nowhere.json", { ...workloadOf("current"), faults: [nowhere] });
    const { exitCode, stdout } = await place.interlock("replay", lacking, ...withConfig);
    expect([exitCode, stdout]).toEqual([2, expect.stringContaining("invalid: the run proves nothing")]);
  });
});

describe("a counterexample", () => {
  test("has the same history in 1,000 of 1,000 replays", async () => {
    const run = await runOn(build);
    const hashes = new Set<string>();
    for (let round = 0; round < 50; round += 1) {
      const schedules = Array.from({ length: 20 }, () => structuredClone(made.schedule));
      for (const { events } of await run(schedules)) hashes.add(historyHash(events));
    }
    expect([...hashes]).toEqual([made.historyHash]);
  });

  test.concurrent("repeats in a process of its own: exit 1, identical", async () => {
    const { exitCode, stdout } = await place.interlock("replay", file, ...withConfig);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("repeated: the same invariant broke again\nI5, job 1: ");
    expect(stdout).toContain("the history is identical to the recorded one");
  });

  test.concurrent("repeats as JSON", async () => {
    const { exitCode, stdout } = await place.interlock(
      "replay",
      file,
      "--json",
      "--rig",
      "simulated",
      ...withConfig,
    );
    const { expected, historyHash: hash } = made;
    const replay = { file, rig: "simulated", outcome: "repeated", exit: 1, expected, identical: true };
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([1, { ...replay, historyHash: hash, unfired: [] }]);
  });

  test.concurrent("that repeats with another history says so", async () => {
    const other = await place.put("other-hash.json", { ...made, historyHash: "0".repeat(64) });
    const { exitCode, stdout } = await place.interlock("replay", other, ...withConfig);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining("the history is not the recorded one")]);
  });

  test.concurrent("does not repeat on a build that is right: exit 2", async () => {
    const releases = { ...made.releases, api: "current" };
    const mended = { ...made, releases, schedule: { ...made.schedule, releases } };
    const { exitCode, stdout } = await place.interlock(
      "replay",
      await place.put("mended.json", mended),
      ...withConfig,
    );
    expect(exitCode).toBe(2);
    expect(stdout).toContain("did not repeat: I5 of job 1 stayed whole; nothing broke");
  });

  test.concurrent("of which a fault does not fire is invalid, and the fault is named: exit 2", async () => {
    const [planned] = made.schedule.faults;
    const nowhere = { ...planned, at: { ...planned?.at, occurrence: 99 } };
    const schedule = { ...made.schedule, faults: [...made.schedule.faults, nowhere] };
    const { exitCode, stdout } = await place.interlock(
      "replay",
      await place.put("unfired.json", { ...made, schedule }),
      ...withConfig,
    );
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/invalid: .* did not fire:\n(before|after) the 99th \S+ of job 1 /);
  });

  test.concurrent("whose releases are not there names them and those that are: exit 3", async () => {
    const releases = { api: "v3", workers: { v5: "v5.1", v6: "current" } };
    const [planned] = made.schedule.faults as [Planned];
    const step: Planned = {
      at: planned.at,
      fault: { kind: "version", process: "api", release: "v3.1", ms: 0 },
    };
    const schedule = { ...made.schedule, releases, faults: [planned, step] };
    const gone = await place.put("gone.json", { ...made, releases, schedule });
    const { exitCode, stdout, stderr } = await place.interlock("replay", gone, ...withConfig);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("there is no api v3 and no worker-v5 v5.1 and no api v3.1");
    expect(stderr).toMatch(
      /for api name one of current, .*forgets-after-restart.*; for worker-v5 name one of current, .*gives-up-on-429/,
    );
  });
});
