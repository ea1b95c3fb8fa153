import { expect, test } from "vitest";
import type { Mutant } from "../../contracts/in-process.ts";
import type { Kill } from "../mutants/kill.ts";
import type { Again } from "../mutants/kill-again.ts";
import type { Replay } from "../replay/replay.ts";
import { exchangeEvent } from "../testing/events.ts";
import { mutantsReport } from "./mutants.ts";

const mutant = (id: string, invariant: string | null): Mutant =>
  ({ id, invariant, component: "api", description: `${id} does it`, minimalFaults: 1 }) as Mutant;
const kill = (id: string, more: Partial<Kill> = {}): Kill => ({
  id,
  invariant: "I4",
  verdict: "killed",
  counterexample: null,
  broken: ["I4"],
  schedules: 12,
  millis: 40,
  events: [],
  ...more,
});
const replay = (outcome: Replay["outcome"]): Replay => ({
  rig: "containers",
  verdict: outcome === "repeated" ? "violation" : "missing",
  outcome,
  exit: outcome === "repeated" ? 1 : 2,
  expected: { invariant: "I4", job: 1, witnesses: ["w"] },
  broken: [],
  starved: [],
  loose: [],
  unfired: [],
  unjudged: 0,
  historyHash: "0".repeat(64),
  identical: null,
});
const again = (id: string, outcome: Replay["outcome"]): Again => ({
  id,
  file: `${id}.json`,
  replay: replay(outcome),
  millis: 2_000,
});
const control = kill("legal", { invariant: null, verdict: "green", broken: [] });

const reported = (kills: Kill[], tried: Again[] = []) =>
  mutantsReport({
    kills,
    mutants: kills.map(({ id, invariant }) => mutant(id, invariant)),
    again: tried,
    rig: tried.length === 0 ? "simulated" : "containers",
  });
const verdictsOf = ({ cases }: ReturnType<typeof reported>) =>
  cases.map(({ path, verdict }) => [path, verdict]);

test("mutants killed by their own invariant and controls that stay green pass", () => {
  const report = reported([kill("wrong"), control]);
  expect(report).toMatchObject({ verdict: "pass", reasons: [], data: { exit: 0, mutants: 1, killed: 1 } });
  expect(verdictsOf(report)).toEqual([
    ["mutants/simulated/wrong", "pass"],
    ["mutants/simulated/legal", "pass"],
  ]);
  expect(report.text.split("\n")).toEqual([
    "✓ killed       I4      12 schedules     40 ms  wrong: wrong does it",
    "✓ green        -       12 schedules     40 ms  legal: legal does it",
    "",
    "PASS: 1 of 1 mutants killed by their own invariant, 1 of 1 controls green; median 40 ms, total 0.1 s",
  ]);
});

test("the run that brought one to light is its history, which is not printed as JSON", () => {
  const events = [exchangeEvent()];
  const report = reported([kill("wrong", { events }), control]);
  expect(report.cases[0]?.histories).toMatchObject([{ events, about: "everything" }]);
  expect(report.cases[1]?.histories).toBeUndefined();
  expect(JSON.stringify(report.data)).not.toContain("heartbeat");
});

test("a mutant that was missed is a violation that says so", () => {
  const report = reported([kill("wrong", { verdict: "missed", broken: ["I3"] }), control]);
  const line = expect.stringMatching(/^FAIL: 0 of 1 mutants killed/);
  expect(report).toMatchObject({ verdict: "violation", reasons: [line], data: { exit: 1 } });
  expect(report.cases[0]).toMatchObject({ verdict: "violation", reason: "missed: wrong does it" });
  expect(report.cases[0]?.story.join("\n")).toContain("I4 never broke; others that did: I3");
});

test("one that containers do not kill again is a violation, with what came of it and how to repeat it", () => {
  const report = reported([kill("a"), kill("b")], [again("a", "repeated"), again("b", "not-repeated")]);
  expect(verdictsOf(report).slice(2)).toEqual([
    ["mutants/containers/a", "pass"],
    ["mutants/containers/b", "violation"],
  ]);
  expect(report.cases[3]).toMatchObject({
    reason: "did not repeat: I4 of job 1 stayed whole; nothing broke",
    repeat: "script/interlock replay b.json --rig containers",
  });
  expect(report.text).toContain("  ✓ containers: repeated in 2.0 s (a.json)\n");
  expect(report.text).toContain("  ✕ containers: not-repeated in 2.0 s (b.json)\n    > did not repeat: I4 ");
});

test("no mutant at all shows nothing", () => {
  expect(reported([])).toMatchObject({ verdict: "missing", data: { exit: 2 }, cases: [] });
});
