import { describe, expect, test } from "vitest";
import { exitCode, InfrastructureError } from "../errors.ts";
import { singlesAt } from "../schedule/catalog.ts";
import type { Planned, Site } from "../schedule/schedule.ts";
import { scenarioOf } from "../testing/scenario.ts";
import { exploreOneEach, type OneEachOptions } from "./one-each.ts";
import { fakeRun } from "./testing/fake-run.ts";
import { basesOf } from "./workloads.ts";

const releases = { api: "current", workers: {} };
const site = (operation: string, phase: Site["phase"], occurrence = 1): Site => ({
  link: operation.startsWith("job.") ? "customer->api" : "worker->api",
  operation,
  job: 1,
  occurrence,
  phase,
});
const reached = [
  site("job.show", "before"),
  site("worker.finish", "before"),
  site("worker.finish", "after"),
  site("worker.finish", "after", 2),
];
const bases = basesOf(["presto", "hive-hdp2"], [scenarioOf()], releases, 1);
const all = bases.length * singlesAt(reached).length;

/** What there is one of: who is hit by what at which step. */
const kindOf = ({ at, fault }: Planned): string =>
  [at.link, at.operation, at.phase, fault.kind, "process" in fault ? fault.process : ""].join(" ");
const kinds = new Set(singlesAt(reached).map(kindOf));

const rigTrouble = new InfrastructureError({
  component: "the api",
  expected: "it to come back",
  happened: "it did not",
  next: "look at its log",
});

interface Asked extends Partial<OneEachOptions> {
  /** The rig fails in the next one. */
  batchesUntilTrouble?: number;
  trouble?: Error;
}

/** Each batch takes a second. */
async function exploreWith(
  rules: Parameters<typeof fakeRun>[0] = {},
  { batchesUntilTrouble = Number.POSITIVE_INFINITY, trouble = rigTrouble, ...more }: Asked = {},
) {
  const fake = fakeRun({ reached, ...rules });
  const lines: string[] = [];
  const progress: number[][] = [];
  const found: string[][] = [];
  let seconds = 0;
  const exploration = await exploreOneEach(
    async (schedules) => {
      seconds += 1;
      if (seconds > batchesUntilTrouble) throw trouble;
      return fake.run(schedules);
    },
    bases,
    {
      rig: "containers",
      releases,
      seed: 1,
      minutes: 60,
      leftOut: ["some scenarios"],
      isWhole: false,
      isBeyond: () => false,
      atOnce: 4,
      now: () => seconds * 1_000,
      onLine: (line) => lines.push(line),
      onProgress: (...told) => progress.push(told),
      onFound: async (_, broken) => void found.push(broken.map(({ invariant }) => invariant)),
      ...more,
    },
  );
  const [calm = [], ...batches] = fake.batches;
  return {
    exploration,
    lines,
    progress,
    found,
    calm,
    batches,
    tried: batches.flat().flatMap(({ faults }) => faults),
  };
}

describe("one single fault of each step and kind", () => {
  test("is tried once, whatever its workload, after every workload without a fault", async () => {
    const { calm, tried, exploration, lines } = await exploreWith();
    expect(calm).toEqual(bases.map(({ base }) => base));
    expect(tried.map(kindOf).toSorted()).toEqual([...kinds].toSorted());
    expect(exploration.tally.schedules).toBe(bases.length + kinds.size);
    expect(lines).toEqual([
      "2 workloads without a fault, at most 60 min",
      `2 workloads, ${all} single faults: 0 are beyond this rig, ${kinds.size} are one of each step and kind of fault, at most 60 min`,
    ]);
  });

  test("begins with what is most telling: a report whose reply is lost", async () => {
    const { tried } = await exploreWith();
    expect(tried[0]).toEqual({ at: site("worker.finish", "after"), fault: { kind: "lost" } });
    const looks = tried.findIndex(({ at }) => at.operation === "job.show");
    expect(looks).toBeGreaterThan(tried.findIndex(({ at }) => at.operation === "worker.finish"));
  });

  test("is run as many at a time as the rig runs, and progress is told", async () => {
    const { batches, progress } = await exploreWith();
    expect(batches.slice(0, -1).every((batch) => batch.length === 4)).toBe(true);
    expect(progress.map(([done]) => done)).toEqual(batches.map((_, i) => Math.min(4 * (i + 1), kinds.size)));
    expect(new Set(progress.map(([, of]) => of))).toEqual(new Set([kinds.size]));
    expect(progress.at(-1)?.[2]).toBe(0);
  });

  test("is not tried where the rig cannot break it, which is counted", async () => {
    const isLook = ({ at }: Planned) => at.operation === "job.show";
    const { tried, exploration } = await exploreWith({}, { isBeyond: ({ faults }) => faults.some(isLook) });
    expect(tried.filter(isLook)).toEqual([]);
    const beyond = 2 * singlesAt(reached).filter(isLook).length;
    expect(exploration.leftOut).toContain(`${beyond} single faults that this rig cannot break`);
  });
});

describe("what was left out", () => {
  test("is said: before, at other sites, and what is not tried at all", async () => {
    const { exploration } = await exploreWith();
    expect(exploration.leftOut).toEqual([
      "some scenarios",
      `${all - kinds.size} single faults at other sites of the same step and kind`,
      "pairs of faults and random schedules",
    ]);
  });

  test("workloads for which there is no time are counted, and no fault of theirs is tried", async () => {
    const { tried, calm, batches, exploration } = await exploreWith({}, { minutes: 1 / 60, atOnce: 1 });
    expect([calm.length, batches, tried]).toEqual([1, [], []]);
    expect(exploration.leftOut).toContain("1 of 2 workloads since the time was over (--minutes)");
  });

  test("when the time is over is counted, and no more is begun", async () => {
    const { batches, tried, exploration } = await exploreWith({}, { minutes: 3 / 60 });
    expect(batches).toHaveLength(2);
    expect(exploration.leftOut).toContain(
      `${kinds.size - tried.length} of ${kinds.size} single faults since the time was over (--minutes)`,
    );
  });
});

describe("where something was found", () => {
  test("a quarter of the time is left for making it smaller", async () => {
    const calm = await exploreWith({}, { minutes: 8 / 60, atOnce: 1 });
    const red = await exploreWith(
      { isWrong: ({ faults }) => faults.length > 0 },
      { minutes: 8 / 60, atOnce: 1 },
    );
    // The workloads take the first two seconds.
    expect([calm.tried.length, red.tried.length]).toEqual([6, 4]);
  });
});

describe("the verdict", () => {
  test.each([
    ["all is well", {}, exitCode.go],
    [
      "something is wrong without a fault",
      { isWrong: ({ faults }) => faults.length === 0 },
      exitCode.violation,
    ],
    ["something is wrong with one", { isWrong: ({ faults }) => faults.length === 1 }, exitCode.violation],
  ] satisfies [string, Parameters<typeof fakeRun>[0], number][])("where %s", async (_, rules, exit) => {
    expect((await exploreWith(rules)).exploration.exit).toBe(exit);
  });

  test("counts schedules of which the fault did not fire, and does not believe what they found", async () => {
    const { exploration } = await exploreWith({
      isUnfired: () => true,
      isWrong: ({ faults }) => faults.length > 0,
    });
    expect(exploration.tally).toMatchObject({ invalid: kinds.size, found: [] });
  });

  test("is missing where the whole was to be explored and not every invariant was put to the test", async () => {
    const { exploration } = await exploreWith({}, { isWhole: true });
    expect(exploration.untested).not.toEqual([]);
    expect(exploration.exit).toBe(exitCode.missing);
  });
});

describe("where the rig fails", () => {
  const isWrong = ({ faults }: { faults: readonly Planned[] }) => faults.length === 1;

  test("what was found before stands, and what was not tried is told", async () => {
    const { exploration, found, lines } = await exploreWith({ isWrong }, { batchesUntilTrouble: 2 });
    expect(found).toHaveLength(4);
    expect(exploration).toMatchObject({ exit: exitCode.violation, tally: { schedules: 6 } });
    expect(exploration.leftOut).toContainEqual(
      expect.stringMatching(
        /^all that was to be tried when the rig failed: the api: expected it to come back, but it did not, while this was tried: .+$/,
      ),
    );
    expect(lines.at(-1)).toContain("next: look at its log");
  });

  test("so does it where a limit of this machine was met that nobody foresaw", async () => {
    const full = Object.assign(new Error("no space left on device"), { code: "ENOSPC", path: "/run" });
    const { exploration } = await exploreWith({ isWrong }, { batchesUntilTrouble: 2, trouble: full });
    expect(exploration.exit).toBe(exitCode.violation);
    expect(exploration.leftOut.join()).toContain("no space left on device");
  });

  test("in the workloads without a fault, what was found in the first ones stands", async () => {
    const rules = { isWrong: () => true };
    const { exploration, found } = await exploreWith(rules, { batchesUntilTrouble: 1, atOnce: 1 });
    expect(found).toHaveLength(1);
    expect(exploration.exit).toBe(exitCode.violation);
  });

  test("its trouble says what was tried just then", async () => {
    const failed = exploreWith({}, { batchesUntilTrouble: 4, atOnce: 1 });
    await expect(failed).rejects.toThrow(
      /^the api: expected it to come back, but it did not, while this was tried: \S+ on \S+, \w+ the \w+ \S+ of job 1 \(\S+\): .+\n  next: look at its log$/,
    );
  });

  test("and nothing was found, there is no verdict", async () => {
    const failed = exploreWith({}, { batchesUntilTrouble: 2 });
    await expect(failed).rejects.toMatchObject({ name: "InfrastructureError", cause: rigTrouble });
  });

  test("a fault of Interlock itself is told as such", async () => {
    const fault = new TypeError("x is undefined");
    await expect(exploreWith({ isWrong }, { batchesUntilTrouble: 2, trouble: fault })).rejects.toBe(fault);
  });
});
