import { describe, expect, test } from "vitest";
import { InfrastructureError } from "../errors.ts";
import { emptyTally } from "../explore/tally.ts";
import type { Run } from "../rigs/run.ts";
import { type Schedule, scheduleFormat } from "../schedule/schedule.ts";
import { runEvent } from "../testing/whole-history.ts";
import { exitOf } from "../verdict.ts";
import { type Rollout, rollOneByOne, verdictOf, type WindowRolled } from "./rollout.ts";

/** What a roll through windows comes to, by what was run of them. */

const ran = (more: Partial<ReturnType<typeof emptyTally>> = {}) => ({
  ...emptyTally(),
  schedules: 3,
  ...more,
});
const rolled = (more: Partial<WindowRolled> = {}): WindowRolled => ({
  window: {} as WindowRolled["window"],
  phases: [{ name: "short plans", tally: ran(), red: [], millis: 1 }],
  isPassed: true,
  refused: 0,
  ...more,
});
const together = (problems: string[] = []) =>
  ({ allowed: [{ tally: ran() }], refused: [{ problems }] }) as unknown as Rollout["together"];
const [phase] = rolled().phases as [WindowRolled["phases"][number]];
const redPlan = { plan: {}, broken: [] } as unknown as (typeof phase)["red"][number];

test.each<[string, WindowRolled, string[], number]>([
  ["all plans were run, and nothing broke", rolled(), [], 0],
  ["no allowed order leads to the end of a window", rolled({ isPassed: false }), [], 2],
  ["nothing was run", rolled({ phases: [{ ...phase, tally: emptyTally() }] }), [], 2],
  ["a step did not come about", rolled({ phases: [{ ...phase, tally: ran({ invalid: 1 }) }] }), [], 2],
  ["a machine gave too little", rolled({ phases: [{ ...phase, tally: ran({ starved: 1 }) }] }), [], 2],
  ["not all could be judged", rolled({ phases: [{ ...phase, tally: ran({ unjudged: 1 }) }] }), [], 2],
  ["a plan is red", rolled({ phases: [{ ...phase, red: [redPlan] }] }), [], 1],
  ["an API took a worker that it must refuse", rolled(), ["a claim was answered 200"], 1],
  ["that, and no way leads to the end", rolled({ isPassed: false }), ["a claim was answered 200"], 1],
])("%s", (_, window, problems, exit) => {
  expect(exitOf[verdictOf({ together: together(problems), windows: [window] })]).toBe(exit);
});

describe("plans that are run one by one, where time is real", () => {
  const window: WindowRolled["window"] = {
    from: { api: "a", workers: { v5: "a" } },
    to: { api: "b", workers: { v5: "a" } },
  };
  const at = {
    link: "worker->api",
    operation: "worker.claim",
    job: 1,
    occurrence: 1,
    phase: "after",
  } as const;
  const plan: Schedule = {
    format: scheduleFormat,
    workload: { jobs: [{ scenario: "any", engine: "presto" }], workers: 1 },
    releases: { api: "a", workers: { v5: "a" } },
    seed: 1,
    faults: [{ at, fault: { kind: "version", process: "api", name: "api", release: "b", ms: 1 } }],
  };
  const named = { name: "api", plan };
  const ended = (more: Partial<Run> = {}): Run => ({
    schedule: plan,
    // It begins as any does; nothing is to be judged of its jobs.
    events: [
      {
        ...runEvent,
        seq: 0,
        at: 0,
        schedule: { ...runEvent.schedule, workload: { jobs: [], workers: 1 }, faults: [] },
      },
    ],
    unfired: [],
    reached: [],
    millis: 1,
    ...more,
  });
  const i10 = [{ invariant: "I10", job: 1, witnesses: ["another end"] }];
  const trouble = () =>
    new InfrastructureError({ component: "engine", expected: "a", happened: "b", next: "c" });
  type Answer = { run: Run; beside: typeof i10 } | Error;

  const roll = (answers: Answer[], plans = answers.map(() => named), own = window) => {
    const notes: string[] = [];
    const left = [...answers];
    const rolling = rollOneByOne(plans, {
      window: own,
      run: async () => {
        const answer = left.shift() as Answer;
        if (answer instanceof Error) throw answer;
        return answer;
      },
      rig: "containers",
      seed: 1,
      note: (line) => notes.push(line),
      onProgress: () => {},
      now: () => 0,
    });
    return { rolling, notes };
  };

  test.each<[string, Answer[], number]>([
    ["one that only differs from its twin is red", [{ run: ended(), beside: i10 }], 1],
    ["one whose step was not taken is missing", [{ run: ended({ unfired: plan.faults }), beside: [] }], 2],
    ["none at all is missing", [], 2],
  ])("%s", async (_, answers, exit) => {
    expect(await roll(answers).rolling).toMatchObject({ exit });
  });

  test("trouble after a red one leaves it red, and says that others were not run", async () => {
    const { rolling, notes } = roll([{ run: ended(), beside: i10 }, trouble()]);
    expect(await rolling).toMatchObject({ exit: 1 });
    expect(notes.at(-1)).toContain("the others were not run: engine");
  });

  test("trouble before any is trouble", async () => {
    await expect(roll([trouble()]).rolling).rejects.toThrow("engine");
  });

  test("a window to whose end none leads is missing", async () => {
    const far = { ...window, to: { api: "c", workers: { v5: "a" } } };
    expect(await roll([{ run: ended(), beside: [] }], [named], far).rolling).toMatchObject({
      exit: 2,
      windows: [{ isPassed: false }],
    });
  });
});
