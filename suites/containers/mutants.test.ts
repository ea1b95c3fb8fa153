import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "../../harness/config/load-config.ts";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import type { Kill } from "../../harness/mutants/kill.ts";
import type { Again } from "../../harness/mutants/kill-again.ts";
import { type Counterexample, parseCounterexample } from "../../harness/replay/counterexample.ts";
import type { Planned, Schedule } from "../../harness/schedule/schedule.ts";
import { Secrets } from "../../harness/secrets.ts";
import type { Ended } from "./interlock.ts";
import { inEngine } from "./leftovers.ts";
import { expectNothingLeft, openPlace, type Place } from "./place.ts";
import { type Bed, makeBed, releases } from "./schedule-bed.ts";

/** Mutants on real containers and real MySQL, killed by the very files that the simulated rig has made. */

const config = ["--config", resolve(import.meta.dirname, "../../interlock.config.ts")];
const kept = "kept";
let place: Place & AsyncDisposable;
let ended: Ended;

beforeAll(async () => {
  place = await openPlace();
  ended = await place.interlock(["mutants", "--rig", "containers", "--save", kept, "--json", ...config])
    .ended;
}, 180_000);
afterAll(() => place[Symbol.asyncDispose]());

const files = async (): Promise<Counterexample[]> => {
  const folder = join(place.folder, kept);
  const names = (await readdir(folder)).sort();
  return Promise.all(
    names.map(async (name) => parseCounterexample(await readFile(join(folder, name), "utf8"), name)),
  );
};

/** Every release but the current one that the config has an image for. */
const released = async (): Promise<string[]> => {
  const { api, workers, current } = await loadConfig(config[1] as string, new Secrets());
  const ofWorkers = Object.values(workers).flatMap(({ releases: others }) => Object.keys(others));
  return [...new Set([...Object.keys(api), ...ofWorkers])].filter((name) => name !== current).sort();
};

/** The same schedule on other releases, or with other faults. */
const changed = (made: Counterexample, change: Partial<Schedule>): Counterexample => {
  const schedule = { ...made.schedule, ...change };
  return { ...made, releases: schedule.releases, schedule };
};

test("each that has images is killed by its own invariant, simulated and in containers, by one file", async () => {
  expect(ended).toMatchObject({ stdout: expect.stringMatching(/^\{/) });
  const { kills, containers } = JSON.parse(ended.stdout) as { kills: Kill[]; containers: Again[] };
  expect(containers.length).toBeGreaterThanOrEqual(8);
  expect(containers.map(({ id }) => id).sort()).toEqual(await released());
  expect(kills.map(({ id, verdict }) => ({ id, verdict }))).toEqual(
    containers.map(({ id }) => ({ id, verdict: "killed" })),
  );
  expect(
    containers.map(({ id, file, replay }) => ({ id, file, outcome: replay.outcome, broken: replay.broken })),
  ).toEqual(
    kills.map(({ id, invariant }) => ({
      id,
      file: join(kept, `${id}.json`),
      outcome: "repeated",
      broken: expect.arrayContaining([expect.objectContaining({ invariant, job: 1 })]),
    })),
  );
  expect(ended.exitCode).toBe(0);
  await expectNothingLeft(place);
});

describe("the current build", () => {
  let bed: Bed;
  beforeAll(async () => {
    bed = await makeBed(["v5", "v6"], 2);
  });
  afterAll(() => bed.leave());

  test("breaks nothing under the same schedules, so that each kill is its mutant's doing", async () => {
    for (const made of await files()) {
      const { schedule } = changed(made, { releases });
      const { events, unfired } = await bed.run(schedule);
      expect({ schedule, unfired, broken: judgeHistory(events).broken }).toEqual({
        schedule,
        unfired: [],
        broken: [],
      });
    }
  });
});

describe("interlock replay --rig containers", () => {
  let made: Counterexample;
  beforeAll(async () => {
    made = (await files()).find(({ releases: { api } }) => api === "finish-not-idempotent") as Counterexample;
  });

  const start = async (what: Counterexample, ...flags: string[]) => {
    const file = `${crypto.randomUUID()}.json`;
    await writeFile(join(place.folder, file), JSON.stringify(what));
    return place.interlock(["replay", file, "--rig", "containers", ...config, ...flags]);
  };
  const replay = async (what: Counterexample, ...flags: string[]) => (await start(what, ...flags)).ended;

  test("repeats: exit 1, each step told, its history kept, nothing left", async () => {
    const { exitCode, stdout, stderr } = await replay(made);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
    expect(stdout).toContain("repeated: the same invariant broke again\nI5, job 1: ");
    expect(stderr).toMatch(/starting MySQL[^]*running the schedule[^]*removing the system/);
    const [, folder = ""] = /its history is in (\S+)/.exec(stderr) ?? [];
    const { exitCode: again } = await place.interlock(["check", join(folder, "history.jsonl")]).ended;
    expect(again).toBe(1);
    await expectNothingLeft(place);
  });

  test("does not repeat on the current build: exit 2", async () => {
    const { exitCode, stdout } = await replay(changed(made, { releases }));
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 2 });
    expect(stdout).toContain("did not repeat: I5 of job 1 stayed whole; nothing broke");
    await expectNothingLeft(place);
  });

  test("is invalid with a fault that this rig cannot break: exit 2, nothing is started for it", async () => {
    const onDisk: Planned = {
      at: { link: "worker->disk", operation: "put", job: 1, occurrence: 1, phase: "before" },
      fault: { kind: "pause", process: "worker", ms: 1_000 },
    };
    const before = await place.runs();
    const { exitCode, stdout } = await replay(
      changed(made, { faults: [...made.schedule.faults, onDisk] }),
      "--json",
    );
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([
      2,
      {
        outcome: "invalid",
        unfired: ["before the 1st put of job 1 (worker->disk): pause the worker for 1 s"],
      },
    ]);
    expect(await place.runs()).toEqual(before);
  });

  test("names the releases that have no image: exit 3, nothing is started", async () => {
    const before = await place.runs();
    const gone = { api: "next", workers: { v5: "v5.1", v6: "v6.1" } };
    const jobs = [{ scenario: "insert-into", engine: "presto" }] as const;
    const workload = { jobs: [...jobs], workers: 1 };
    const { exitCode, stdout, stderr } = await replay(changed(made, { releases: gone, workload }));
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("there is none for api next and worker-v5 v5.1\n");
    expect(stderr).toMatch(/name one of current, .*finish-not-idempotent/);
    expect(await place.runs()).toEqual(before);
  });

  test("that is stopped by Ctrl-C leaves nothing: exit 130", async () => {
    const interlock = await start(made);
    await interlock.said("running the schedule");
    interlock.kill("SIGINT");
    const { exitCode, stdout, stderr } = await interlock.ended;
    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: "" });
    expect(stderr).toMatch(/stopped by SIGINT; everything that was started is removed\n$/);
    await expectNothingLeft(place);
  });

  test("that is killed leaves what a sweep removes", async () => {
    const interlock = await start(made);
    await interlock.said("running the schedule");
    interlock.kill("SIGKILL");
    await interlock.ended;
    const left = await Promise.all((await place.runs()).map(inEngine));
    expect(left.flat()).toContain("container mysql");
    expect((await place.interlock(["clean", "--dead"]).ended).exitCode).toBe(0);
    await expectNothingLeft(place);
  });
});
