import { describe, expect, test } from "vitest";
import type { HistoryEvent } from "../history/event.ts";
import { calm, idle, show } from "../invariants/testing/calls.ts";
import { eventsOf } from "../invariants/testing/history.ts";
import { type Counterexample, counterexampleOf } from "../replay/counterexample.ts";
import { judgeReplay } from "../replay/replay.ts";
import type { Run } from "../rigs/run.ts";
import type { Planned } from "../schedule/schedule.ts";
import { replayReport } from "./replay.ts";

const broken = eventsOf({ calls: [...calm, show(2_000, "killed")] });
const whole = eventsOf({ calls: calm });
const planned: Planned = {
  at: { link: "worker->api", operation: "worker.finish", job: 1, occurrence: 99, phase: "after" },
  fault: { kind: "lost" },
};

function runOf(events: readonly HistoryEvent[], unfired: Planned[] = []): Run {
  const run = broken.find((event) => event.kind === "run");
  if (run?.kind !== "run") throw new Error("no run event");
  return { schedule: run.schedule, events, unfired, reached: [], millis: 1 };
}

const counterexample = counterexampleOf(
  runOf(broken),
  { invariant: "I1", job: 1, witnesses: ["it says so"] },
  { faultsBefore: 0, schedules: 1, millis: 1, globallyMinimal: true },
);

function replayed(run: Run, of: Counterexample | null, rig = "simulated") {
  const replay = judgeReplay(of, rig, run);
  const { schedule, events } = run;
  const command = "script/interlock replay it.json";
  return { replay, report: replayReport({ file: "it.json", schedule, events, replay, command }) };
}

describe("a replay's verdict is of the vocabulary, its outcome says which", () => {
  const notRepeated = "did not repeat: I1 of job 1 stayed whole; nothing broke";
  test.each([
    [whole, [], null, "pass", "whole", 0, "whole: no invariant broke", []],
    [broken, [], null, "violation", "broken", 1, "broken:", [/^I1 of job 1 is broken; /]],
    [broken, [], counterexample, "violation", "repeated", 1, "repeated: the same invariant", [/^repeated: /]],
    [whole, [], counterexample, "missing", "not-repeated", 2, notRepeated, [/^did not repeat: /]],
    [whole, [planned], counterexample, "missing", "invalid", 2, "invalid: the run proves", [/^invalid: /]],
    [[], [planned], null, "missing", "invalid", 2, "invalid: nothing was run", [/^invalid: nothing /]],
  ] as const)("%#", (events, unfired, of, verdict, outcome, exit, line, reasons) => {
    const { replay, report } = replayed(runOf(events, [...unfired]), of);
    expect(replay).toMatchObject({ verdict, outcome, exit });
    expect(report.text).toContain(`\n${line}`);
    expect(report.reasons).toEqual(reasons.map((reason) => expect.stringMatching(reason)));
    expect(report).toMatchObject({
      verdict,
      cases: [{ path: "current/v5-presto/insert-into", verdict }],
      data: { file: "it.json", ...replay },
    });
  });
});

test("what keeps the rig from a fault is told with it", () => {
  const { report } = replayed({ ...runOf([], [planned]), beyond: ["it needs an image"] }, null);
  expect(report.text).toMatch(/beyond the simulated rig:\n.*: [^;\n]+; it needs an image$/);
});

test("a violation's case has what each invariant says, what was seen, and the story", () => {
  const { report } = replayed(runOf(broken), null);
  const [only] = report.cases;
  expect(only?.violations.map(({ invariant }) => invariant)).toContain("I1");
  expect(only?.violations.every(({ definition }) => definition !== "")).toBe(true);
  expect(only?.story.join("\n")).toContain("reads killed");
  expect(only?.repeat).toBe("script/interlock replay it.json");
});

test("what broke instead of the foretold invariant is told, and is no violation", () => {
  const other = { ...counterexample, expected: { ...counterexample.expected, invariant: "I4" } };
  const { report } = replayed(runOf(broken), other);
  const [only] = report.cases;
  expect(only).toMatchObject({ verdict: "missing", violations: [] });
  expect(only?.reason).toBe("did not repeat: I4 of job 1 stayed whole; what broke instead:");
  expect(only?.story).toContainEqual(expect.stringMatching(/^I1, job 1: /));
});

test("a departure from the contract outside of any job breaks a schedule alone", () => {
  const { replay, report } = replayed(
    runOf(eventsOf({ calls: [...calm, idle(2_000, { reply: "" })] })),
    null,
  );
  expect(replay).toMatchObject({ verdict: "violation", outcome: "broken", broken: [] });
  expect(report.text).toContain("\nbroken:\nworker->api, worker.claim: ");
  expect(report.cases).toMatchObject([{ violations: [{ invariant: "C", witnesses: replay.loose }] }]);
});

test("only the simulated rig says whether the history is the recorded one", () => {
  expect(replayed(runOf(broken), counterexample).report.text).toContain(
    "the history is identical to the recorded one",
  );
  const other = { ...counterexample, historyHash: "0".repeat(64) };
  expect(replayed(runOf(broken), other).report.text).toContain("the history is not the recorded one");
  expect(replayed(runOf(broken), other, "containers").report.text).not.toContain("the history is");
});
