import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Counterexample } from "../../harness/replay/counterexample.ts";
import type { Planned } from "../../harness/schedule/schedule.ts";
import { inEngine } from "../containers/leftovers.ts";
import {
  changed,
  config,
  expectGreen,
  expectKilled,
  type Killed,
  killMutants,
} from "../containers/mutants.ts";
import { expectNothingLeft, expectStopped, openPlace, type Place } from "../containers/place.ts";
import { releases } from "../containers/schedule-bed.ts";

/** Some mutants on real containers and real MySQL, of either component, and replays of what killed them. */

const some = ["delivered-after-report", "finish-not-idempotent", "registration-failure-ignored"];
let place: Place & AsyncDisposable;
let killed: Killed;

beforeAll(async () => {
  place = await openPlace();
  killed = await killMutants(place, some);
}, 180_000);
afterAll(() => place[Symbol.asyncDispose]());

test("each is killed by its own invariant, simulated and in containers, by one file", async () => {
  expectKilled(killed, some);
  await expectNothingLeft(place);
});

test("the current build breaks nothing under the same schedules, so that each kill is its mutant's doing", () =>
  expectGreen(killed.files));

describe("interlock replay --rig containers", () => {
  let made: Counterexample;
  beforeAll(() => {
    made = killed.files.find(({ releases: { api } }) => api === "finish-not-idempotent") as Counterexample;
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
        unfired: [
          "before the 1st put of job 1 (worker->disk): pause the worker for 1 s; the containers rig has no link to a worker's disk",
        ],
      },
    ]);
    expect(await place.runs()).toEqual(before);
  });

  test("names the releases that have no image: exit 3, nothing is started", async () => {
    const before = await place.runs();
    const gone = { api: "v3", workers: { v5: "v5.1", v6: "v6.1" } };
    const jobs = [{ scenario: "insert-into", engine: "presto" }] as const;
    const workload = { jobs: [...jobs], workers: 1 };
    const { exitCode, stdout, stderr } = await replay(changed(made, { releases: gone, workload }));
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("there is none for api v3 and worker-v5 v5.1\n");
    expect(stderr).toMatch(/name one of current, .*finish-not-idempotent/);
    expect(await place.runs()).toEqual(before);
  });

  test("that is stopped by Ctrl-C leaves nothing: exit 130", async () => {
    const interlock = await start(made);
    await interlock.said("running the schedule");
    await expectStopped(place, interlock);
  });

  test("that is killed leaves what a sweep removes", async () => {
    const interlock = await start(made);
    await interlock.said("running the schedule");
    interlock.kill("SIGKILL");
    await interlock.ended;
    const left = await Promise.all((await place.runs()).map(inEngine));
    expect(left.flat()).toContain("container mysql");
    expect((await place.interlock(["clean"]).ended).exitCode).toBe(0);
    await expectNothingLeft(place);
  });
});
