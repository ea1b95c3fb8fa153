import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Counterexample, parseCounterexample } from "../../harness/replay/counterexample.ts";
import { runSchedules } from "../../harness/rigs/in-process/run.ts";
import {
  cores,
  counterexampleFor,
  loadBuilds,
  systemOf,
  withConfig,
  workloadOf,
} from "./failing-schedules.ts";
import { Place } from "./place.ts";

/** Files that are not what they should be, and old histories: what the command line makes of them. */

const build = "forgets-after-restart";
let place: Place;
let made: Counterexample;
beforeAll(async () => {
  place = await Place.open();
  made = await counterexampleFor(await loadBuilds(), build);
});
afterAll(() => place[Symbol.asyncDispose]());

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
      await place.put(name, content());
      const text = await readFile(place.path(name), "utf8");
      expect(() => parseCounterexample(text, name)).toThrow(expect.objectContaining({ name: "UsageError" }));
      for (const say of says) expect(() => parseCounterexample(text, name)).toThrow(say);
    },
  );

  test.each([
    ["an unknown site", () => inSchedule(at({ operation: "x" })), [], "faults[0].at.operation: x is unknown"],
    ["an unknown rig", () => made, ["--rig", "moon"], "Allowed choices are simulated"],
  ])("%s, through the command line", async (what, content, flags, say) => {
    const name = await place.put(`${what}.json`, content());
    const { exitCode, stdout, stderr } = await place.interlock("replay", name, ...flags, ...withConfig);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 64,
      stdout: "",
      stderr: expect.stringContaining(say),
    });
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test("a file that is not there, through the command line", async () => {
    const { exitCode, stderr } = await place.interlock("replay", "nowhere.json", ...withConfig);
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
    const whole = await place.put("history.jsonl", `${(await lines()).join("\n")}\n`);
    const { exitCode, stdout } = await place.interlock("check", whole);
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringContaining(`I5, job 1: ${made.expected.witnesses[0]}`),
    ]);
  });

  test("says nothing against a run without a fault: exit 0", async () => {
    const [run] = await runSchedules(systemOf(await loadBuilds(), build), [workloadOf(build)]);
    const whole = await place.put(
      "good.jsonl",
      (run?.events ?? []).map((event) => JSON.stringify(event)).join("\n"),
    );
    const { exitCode, stdout } = await place.interlock("check", whole, "--json");
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { broken: [], unfired: [] }]);
  });

  test("does not believe a history in which a fault did not fire: exit 2", async () => {
    const events = (await lines()).filter((line) => !line.includes('"kind":"fault"'));
    const unfired = events.map((line, seq) => JSON.stringify({ ...JSON.parse(line), seq })).join("\n");
    const { exitCode, stdout } = await place.interlock("check", await place.put("no-fault.jsonl", unfired));
    expect([exitCode, stdout]).toEqual([2, expect.stringContaining("these faults did not fire:")]);
  });

  test("of a history that is cut in the middle names the line: exit 3", async () => {
    const all = await lines();
    const half = all.slice(0, 10).join("\n").slice(0, -20);
    const { exitCode, stdout, stderr } = await place.interlock("check", await place.put("cut.jsonl", half));
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("history cut.jsonl:10: expected an event as JSON, but the last line is cut");
  });

  test("of what is no history says so: exit 64", async () => {
    const { exitCode, stderr } = await place.interlock("check", await place.put("no-history.json", made));
    expect([exitCode, stderr]).toEqual([64, expect.stringContaining("no-history.json:1: is no history")]);
  });
});
