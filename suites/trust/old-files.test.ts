import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serialise } from "../../harness/history/write.ts";
import { type Counterexample, parseCounterexample } from "../../harness/replay/counterexample.ts";
import type { Run } from "../../harness/rigs/run.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import { cores, counterexampleFor, runOn, withConfig, workloadOf } from "./failing-schedules.ts";
import { Place } from "./place.ts";

/** Files that are not what they should be, and old histories: what the command line makes of them. */

const build = "forgets-after-restart";
let place: Place;
let made: Counterexample;
beforeAll(async () => {
  place = await Place.open();
  made = await counterexampleFor(build);
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
      () => ({ ...made, format: 9 }),
      "format: 9 was made by a newer Interlock; this one reads format 1",
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
      "expected.invariant: I99 is none of I4, ",
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
  /** The history of a schedule as a rig writes it down. */
  async function historyOf(
    schedule: Schedule,
    without: (event: Run["events"][number]) => boolean = () => false,
  ) {
    const [run] = (await (await runOn(build))([schedule])) as [Run];
    const events = run.events.filter((event) => !without(event));
    return serialise(events.map((event, seq) => ({ ...event, seq }))).text;
  }
  const checked = async (name: string, content: string, ...flags: string[]) =>
    place.interlock("check", await place.put(name, content), ...flags);

  test("judges a history again: exit 1 with what is broken", async () => {
    const { exitCode, stdout } = await checked("history.jsonl", await historyOf(made.schedule));
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringContaining(`I5, job 1: ${made.expected.witnesses[0]}`),
    ]);
  });

  test("says nothing against a run without a fault: exit 0", async () => {
    const { exitCode, stdout } = await checked("good.jsonl", await historyOf(workloadOf(build)), "--json");
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { broken: [], loose: [], unfired: [] }]);
  });

  test("does not believe a history in which a fault did not fire: exit 2", async () => {
    const unfired = await historyOf(made.schedule, ({ kind }) => kind === "fault");
    const { exitCode, stdout } = await checked("no-fault.jsonl", unfired);
    expect([exitCode, stdout]).toEqual([2, expect.stringContaining("these faults did not fire:")]);
  });

  const damages: [how: string, damage: (text: string) => string, say: string][] = [
    [
      "is cut within a line",
      (text) => text.split("\n").slice(0, 10).join("\n").slice(0, -20),
      ":10: expected an event as JSON, but the last line is cut",
    ],
    [
      "is cut between two lines",
      (text) => text.split("\n").slice(0, 10).join("\n"),
      ":10: expected the end of the history, but it is cut",
    ],
    [
      "was changed",
      (text) => text.replace('"rig":"simulated"', '"rig":"containers"'),
      "the lines before were changed",
    ],
    ["lacks a line", (text) => text.split("\n").toSpliced(4, 1).join("\n"), ":5: expected event 4"],
  ];
  test.each(damages.map(([how, ...rest], i) => ({ how, name: `damaged-${i}.jsonl`, rest })))(
    "of a history that $how: exit 3, and the line is named",
    async ({ name, rest: [damage, say] }) => {
      const { exitCode, stdout, stderr } = await checked(name, damage(await historyOf(made.schedule)));
      expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
      expect(stderr).toContain(`history ${name}`);
      expect(stderr).toContain(say);
      expect(stderr).toMatch(/\n {2}next: .*replay its schedule for a new one/);
    },
  );

  test("of a history of the old form says what to do: exit 64", async () => {
    const old = (await historyOf(workloadOf(build))).replace('"version":2', '"version":1');
    const { exitCode, stdout, stderr } = await checked("old.jsonl", old);
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
    expect(stderr).toBe(
      "interlock: old.jsonl:1: version: 1 is of an older Interlock; this one reads 2: replay its schedule for a new one",
    );
  });

  test("of what is no history says so: exit 64", async () => {
    const { exitCode, stderr } = await place.interlock("check", await place.put("no-history.json", made));
    expect([exitCode, stderr]).toEqual([64, expect.stringContaining("no-history.json:1: is no history")]);
  });
});
