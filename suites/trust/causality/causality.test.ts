import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Mutant } from "../../../contracts/in-process.ts";
import { causalityOf } from "../../../harness/causality/measure.ts";
import { enoughOf } from "../../../harness/causality/shown.ts";
import { causalitySchema } from "../../../harness/causality/strip.ts";
import { isProbeAnswer } from "../../../harness/history/event.ts";
import { continuingRig } from "../../../harness/rigs/in-process/continuing/continuing.ts";
import { needsOf } from "../../../harness/rigs/needs.ts";
import type { Run } from "../../../harness/rigs/run.ts";
import type { Schedule } from "../../../harness/schedule/schedule.ts";
import { keptSchedule } from "../kills/kept.ts";
import { mutants, options } from "../mutant-builds.ts";
import { Place } from "../place.ts";
import { measured } from "./measured.ts";
import { isPlantedAt } from "./planted.ts";

/** Where a violation comes from: found in mutants, whose wrong place is known. */

const sample = [
  /** An API, without a fault. */
  "2015-08-24",
  /** An API whose answer is wrong only together with the fault that follows it. */
  "accepted-before-stored",
  /** A worker, with a fault. */
  "ambiguous-commit-is-error",
  /** Two APIs, with a fault. */
  "finish-not-idempotent",
  /** An API, by a claim that began at one moment with another claim and with the order. */
  "settings-not-decoded",
  /** An API that acts when it starts, by a version step. */
  "column-renamed",
  /** A worker that acts again and again, until it is too late. */
  "retry-without-jitter",
];

describe("of a mutant", () => {
  test.each(mutants.filter(({ id }) => sample.includes(id)))(
    "$id: the largest rise is where its wrong code acts",
    { timeout: 120_000 },
    async (mutant) => {
      const { causality, isAtSite } = await measured(mutant, 0);
      expect({ peak: causality.peak, isAtSite }).toMatchObject({ isAtSite: true });
      expect(causality.events[0]).toMatchObject({ probability: 0, continuations: 100 });
      expect(causality.events.at(-1)).toMatchObject({ probability: 1 });
    },
  );

  test("every other call is no place of it", { timeout: 120_000 }, async () => {
    const [mutant] = mutants.filter(({ id }) => id === "2015-08-24");
    const schedule = keptSchedule("2015-08-24");
    if (mutant === undefined || schedule === null) throw new Error("the mutant of 2015-08-24 is gone");
    const goesOn = { api: "current", workers: { v5: "current", v6: "current" } };
    const at = (seq: number) =>
      isPlantedAt(seq, { mutant, schedule, goesOn, job: 1, config: options.config });
    // An idle claim, the customer's order, its look, a heartbeat; then the report that is taken without a receipt.
    expect(await Promise.all([1, 3, 4, 5, 6].map(at))).toEqual([false, false, false, false, true]);
  });
});

test("the same counterexample has the same strip, however many threads simulate it", {
  timeout: 120_000,
}, async () => {
  const schedule = keptSchedule("ambiguous-commit-is-error");
  if (schedule === null) throw new Error("its schedule is gone");
  const { config } = options;
  const strip = (threads: number) =>
    causalityOf(
      schedule,
      { invariant: "I3", job: 1 },
      { config, configFile: "interlock.config.ts", threads },
    );
  expect(await strip(0)).toEqual(await strip(2));
});

describe("of a probe that sees the violation early", () => {
  const id = "newest-attempt-refused";
  const schedule = keptSchedule(id) as Schedule;
  const rig = continuingRig(needsOf(schedule, options.config), { config: options.config });
  const answersIn = ({ events }: Run) => events.filter(isProbeAnswer).length;
  const calm = { after: Number.POSITIVE_INFINITY, seed: null, releases: null, sites: [] };

  test("a run is over when it has had so many answers, and not before", { timeout: 120_000 }, async () => {
    const whole = answersIn((await (await rig).trace(schedule)).run);
    const runs = await (await rig).goOn(
      schedule,
      [1, 50, whole + 1, null].map((answers) => ({ ...calm, answers })),
    );
    // What is asked at one moment is answered at one.
    expect(runs.map(answersIn)).toEqual([
      expect.toSatisfy((got: number) => got >= 1 && got < 10),
      expect.toSatisfy((got: number) => got >= 50 && got < 60),
      whole,
      whole,
    ]);
  });

  test("no continuation goes on for long behind that, and the peak is where the wrong code acts", {
    timeout: 120_000,
  }, async () => {
    const [mutant] = mutants.filter((one) => one.id === id);
    const { causality, isAtSite } = await measured(mutant as Mutant, 0);
    const { peak, until, events } = causality;
    expect(isAtSite).toBe(true);
    expect(until).toBeGreaterThan(peak?.seq ?? events.length);
    expect(until).toBeLessThan(events.length / 4);
    expect(events[0]).toMatchObject({ probability: 0, continuations: 100 });
    expect(events.slice(until).filter(({ probability }) => probability < 1)).toEqual([]);
  });

  test("it is the whole run where something else shows it, or nothing does", {
    timeout: 120_000,
  }, async () => {
    const { events } = (await (await rig).trace(schedule)).run;
    const whole = { answers: null, events: events.length };
    expect(enoughOf(events, { invariant: "W", job: 1 })).toEqual(whole);
    const probed = events.map((event) =>
      isProbeAnswer(event) ? { ...event, probe: undefined } : event,
    ) as typeof events;
    expect(enoughOf(events, { invariant: "C", job: 1 }).events).toBeLessThan(events.length);
    expect(enoughOf(probed, { invariant: "C", job: 1 })).toEqual({ ...whole, events: probed.length });
  });
});

describe("interlock replay --causality", () => {
  let place: Place;
  beforeAll(async () => {
    place = await Place.open();
  });
  afterAll(() => place[Symbol.asyncDispose]());
  const kept = (id: string) => resolve(`suites/trust/kills/kept/${id}.json`);
  const withConfig = ["--config", resolve("interlock.config.ts")];
  const replay = (file: string, ...more: string[]) =>
    place.interlock("replay", file, "--causality", ...withConfig, ...more);

  test("says which event it is, and gives every event as JSON", { timeout: 120_000 }, async () => {
    const said = await replay(kept("ambiguous-commit-is-error"));
    expect(said.exitCode).toBe(1);
    expect(said.stdout).toMatch(
      /causality: the violation of I3 by job 1 comes from .* \(event #23\): 0 % before it, 100 % since\n {2}what begins after an event goes on at random, as api current, workers v5 current, workers v6 current; \d+ runs/,
    );
    const { stdout } = await replay(kept("ambiguous-commit-is-error"), "--json");
    const { causality, ...rest } = JSON.parse(stdout) as { causality: unknown; verdict: string };
    expect(causalitySchema.parse(causality).peak).toEqual({ seq: 23, before: 0, after: 1 });
    expect(rest.verdict).toBe("violation");
  });

  test("has nothing to say of what breaks nothing", async () => {
    const calm = { ...keptSchedule("2015-08-24"), releases: { api: "current", workers: { v5: "current" } } };
    const said = await replay(await place.put("calm.json", calm));
    expect(said.exitCode).toBe(0);
    expect(said.stdout).toContain("causality: nothing broke of which a cause could be looked for");
  });

  test("refuses another rig, and says what to do", async () => {
    const said = await replay(kept("2015-08-24"), "--rig", "wire");
    expect(said.exitCode).toBe(64);
    expect(said.stderr).toContain("--causality: a run on the wire rig cannot go on");
    expect(said.stderr).toContain("leave --rig out");
  });

  test("names a build that is not known", async () => {
    const other = { ...keptSchedule("2015-08-24"), releases: { api: "nobodys", workers: { v5: "current" } } };
    const said = await replay(await place.put("nobodys.json", other));
    expect(said.exitCode).toBe(3);
    expect(said.stderr).toContain("there is no api nobodys");
    expect(said.stderr).toContain("for api name one of");
  });
});
