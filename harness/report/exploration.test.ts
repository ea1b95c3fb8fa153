import { expect, test } from "vitest";
import { concluded, type ExploreOptions } from "../explore/explore.ts";
import { emptyTally, type Tally } from "../explore/tally.ts";
import { invariants } from "../invariants/index.ts";
import { type Schedule, scheduleFormat } from "../schedule/schedule.ts";
import { explorationReport } from "./exploration.ts";

const schedule: Schedule = {
  format: scheduleFormat,
  workload: { jobs: [{ scenario: "web", engine: "presto" }], workers: 2 },
  releases: { api: "next", workers: { v5: "current" } },
  seed: 7,
  faults: [
    {
      at: { link: "worker->api", operation: "worker.finish", job: 1, occurrence: 1, phase: "after" },
      fault: { kind: "lost" },
    },
  ],
};
const ids = invariants.map(({ id }) => id);
const all = Object.fromEntries(ids.map((id) => [id, 9]));
const { I4: _, ...allButI4 } = all;

function reported(tally: Partial<Tally>, more: Partial<ExploreOptions> = {}, saved: string[] = []) {
  const options = { rig: "wire", releases: schedule.releases, seed: 7, isWhole: true, leftOut: [], ...more };
  const fired = { "worker->api after lost": 4 };
  const whole = { ...emptyTally(), schedules: 10, triggered: all, fired, ...tally };
  const phases = [{ name: "single faults", schedules: 10, millis: 1_234 }];
  return explorationReport(concluded(whole, phases, options), saved);
}

test("an exploration that breaks nothing passes, with a case for each invariant", () => {
  const report = reported({}, { leftOut: ["6 of 7 scenarios"] });
  expect(report).toMatchObject({ verdict: "pass", reasons: [], data: { exit: 0, counterexamples: [] } });
  expect(report.cases.map(({ path, verdict }) => [path, verdict])).toEqual(
    ids.map((id) => [`next/wire/${id}`, "pass"]),
  );
  const lines = report.text.split("\n");
  expect(lines[0]).toMatch(/^faults fired +lost$/);
  expect(lines).toContainEqual(expect.stringMatching(/^worker->api +4$/));
  expect(lines).toContain("left out: 6 of 7 scenarios");
  expect(lines.at(-1)).toBe("PASS: 10 schedules on wire, API next, seed 7: 0 violations; 1.2 s");
});

test("a broken invariant is a violation, told by its first schedule", () => {
  const found = [{ schedule, broken: [{ invariant: "I4", job: 1, witnesses: ["0 rows of 3"] }] }];
  const report = reported({ found, broken: { I4: 3 } }, {}, ["I4 in its smallest form: it.json"]);
  expect(report).toMatchObject({ verdict: "violation", reasons: ["violations: I4 in 3"], data: { exit: 1 } });
  expect(report.cases.filter(({ verdict }) => verdict !== "pass")).toMatchObject([
    {
      path: "next/wire/I4",
      verdict: "violation",
      violations: [{ invariant: "I4", witnesses: ["0 rows of 3"] }],
      story: [
        "broken by 3 of 10 schedules, such as",
        expect.stringMatching(/^job 1: web on presto; 2 workers; api next, worker-v5 current; seed 7$/),
        expect.stringMatching(/^after the 1st worker\.finish of job 1 .*: /),
      ],
    },
  ]);
  expect(report.text).toContain(
    "\n  I4, job 1: 0 rows of 3\nI4 in its smallest form: it.json\nVIOLATION: 10 ",
  );
});

test("an invariant that no schedule put to the test is missing, unless a part was asked for", () => {
  const whole = reported({ triggered: allButI4 });
  expect(whole).toMatchObject({ verdict: "missing", reasons: ["not tested by any schedule: I4"] });
  expect(whole.cases.find(({ path }) => path === "next/wire/I4")?.verdict).toBe("missing");
  const part = reported({ triggered: allButI4 }, { isWhole: false });
  expect(part).toMatchObject({ verdict: "pass", reasons: [] });
  expect(part.cases).toHaveLength(ids.length - 1);
});

test("schedules of which no fault fired prove nothing", () => {
  const report = reported({ invalid: 10, triggered: {}, fired: {} }, { isWhole: false });
  expect(report).toMatchObject({
    verdict: "missing",
    reasons: ["no schedule proves anything: of each a fault did not fire"],
    cases: [],
  });
});

test("schedules without a fault explore nothing", () => {
  expect(reported({ fired: {} })).toMatchObject({
    verdict: "missing",
    reasons: ["nothing was explored: no fault fired"],
  });
});
