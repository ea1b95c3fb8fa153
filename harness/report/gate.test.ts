import { describe, expect, test } from "vitest";
import { decide } from "../gate/decide.ts";
import type { Question } from "../gate/question.ts";
import {
  candidate,
  candidateRun,
  cellOf,
  cells,
  now,
  questionWith,
  runWith,
} from "../gate/testing/question.ts";
import { rendered } from "./format.ts";
import { type FormatName, formats } from "./formats/index.ts";
import { gateReport, missingCommands } from "./gate.ts";

const asked = { candidate: [candidate], deployed: "0".repeat(64), decidedAt: now, further: [] };
/** What the small question leaves out: `unasked.test.ts` has the words. */
const left = ", and 11 kinds of things were not asked for";
const unaskedLine = expect.stringMatching(/^not asked for: \S/);
const textOf = (more: Partial<Question>) => gateReport(decide(questionWith(more)), asked).text.split("\n");

test("GO says until when it holds, and what it rests on", () => {
  const { exit, verdict, text, reasons } = gateReport(decide(questionWith()), asked);
  expect({ exit, verdict, reasons }).toEqual({ exit: 0, verdict: "pass", reasons: [] });
  expect(text.split("\n")).toEqual([
    `GO; 6 of 6 required things were shown${left}`,
    "holds until 2026-11-27T11:00:00.000Z",
    "candidate: api next (digest-a2)",
    "live together: api next (digest-a2) + worker-v5 current (digest-b1)",
    "live together: api next (digest-a2) + worker-v6 current (digest-c1)",
    "rests on runs/a2-b1-c1",
    ...Array.from({ length: 11 }, () => unaskedLine),
  ]);
});

test("what is missing of a pair is one line, with the one command that shows it", () => {
  expect(textOf({ proofs: [] })).toEqual([
    `NO-GO: 6 missing; 0 of 6 required things were shown${left}`,
    "candidate: api next (digest-a2)",
    "live together: api next (digest-a2) + worker-v5 current (digest-b1)",
    "live together: api next (digest-a2) + worker-v6 current (digest-c1)",
    "missing  api next (digest-a2) + worker-v5 current (digest-b1)  whole matrix, and 2 cells of it: no run of these builds is in the evidence",
    "  next: script/compat --api next",
    "missing  api next (digest-a2) + worker-v6 current (digest-c1)  whole matrix, and 2 cells of it: no run of these builds is in the evidence",
    "  next: script/compat --api next",
    ...Array.from({ length: 11 }, () => unaskedLine),
  ]);
});

test("one cell that is missing has its own command, with the config that it needs", () => {
  const proofs = [runWith({ verdict: "missing", reason: "never issued" })];
  const { text } = gateReport(decide(questionWith({ proofs })), {
    ...asked,
    further: ["--config", "my own.ts"],
  });
  expect(text).toContain("v5-presto/web: runs/a2-b1-c1: missing: never issued");
  expect(text).toContain("  next: script/compat --api next --cell next/v5-presto/web --config 'my own.ts'");
});

test("what broke is told once an invariant, with the history to look into", () => {
  const broken = [{ invariant: "I4", message: "0 rows where 4 belong\nmore" }];
  const proofs = [
    candidateRun({ cells: cells.map((cell) => cellOf(cell, { verdict: "violation", broken })) }),
  ];
  const lines = textOf({ proofs });
  expect(lines[0]).toBe(`NO-GO: 4 violations; 2 of 6 required things were shown${left}`);
  expect(lines).toContain(
    "violation  api next + worker-v5 current + worker-v6 current  v5-presto/web: I4: 0 rows where 4 belong (and in 3 more)",
  );
  expect(lines).toContain("  next: script/interlock check runs/a2-b1-c1/history.jsonl");
});

test("an override is named in the first lines, and every finding stays", () => {
  const overrides = [
    {
      builds: ["digest-a2"],
      owner: "mika",
      reason: "the site is down",
      issued: "2026-11-26T11:00:00Z",
      expires: "2026-11-27T11:00:00Z",
    },
  ];
  // It has run once, and shows nothing that counts.
  const proofs = [candidateRun({ rig: "simulated" })];
  const report = gateReport(decide(questionWith({ proofs, overrides })), asked);
  expect(report).toMatchObject({ exit: 4, verdict: "missing" });
  expect(report.text.split("\n").slice(0, 2)).toEqual([
    `NO-GO-OVERRIDDEN: 6 missing, and mika answers for it; 0 of 6 required things were shown${left}`,
    "overridden by mika until 2026-11-27T11:00:00Z: the site is down",
  ]);
});

test("every finding is a case that has failed, and every pair that was shown one that has passed", () => {
  const { cases, data } = gateReport(decide(questionWith({ proofs: [] })), asked);
  expect(cases.map(({ verdict }) => verdict)).toEqual(Array(6).fill("missing"));
  expect(cases.every(({ reason, repeat }) => reason !== "" && repeat !== undefined)).toBe(true);
  expect(data).toMatchObject({ decision: "NO-GO", exit: 2, validUntil: null });
  const green = gateReport(decide(questionWith()), asked);
  expect(green.cases.map(({ verdict }) => verdict)).toEqual(["pass", "pass"]);
});

test("the commands for what is missing: each once, a whole run in the place of its cells, and nothing that is done by hand", () => {
  const known = [
    {
      cell: "v5-presto/web",
      invariant: "I4",
      message: "0 rows where 4 belong",
      reason: "retired",
      owner: "mika",
      expires: "2026-11-25T00:00:00Z",
    },
  ];
  const decision = decide(questionWith({ proofs: [], known }));
  expect(decision.findings.some(({ next }) => "do" in next)).toBe(true);
  expect(missingCommands(decision, ["--sign", "KEY"])).toEqual(["script/compat --api next --sign KEY"]);
  const proofs = [runWith({ verdict: "missing", reason: "never issued" })];
  expect(missingCommands(decide(questionWith({ proofs })), [])).toEqual([
    "script/compat --api next --cell next/v5-presto/web",
  ]);
});

test("what broke has no command that would show it, and neither has GO", () => {
  const broken = [{ invariant: "I4", message: "0 rows where 4 belong" }];
  const red = candidateRun({ cells: cells.map((cell) => cellOf(cell, { verdict: "violation", broken })) });
  expect(missingCommands(decide(questionWith({ proofs: [red] })), [])).toEqual([]);
  expect(missingCommands(decide(questionWith()), [])).toEqual([]);
});

describe("what the policy did not ask for stands in", () => {
  const decisions = { GO: questionWith(), "NO-GO": questionWith({ proofs: [] }) };
  // Who called whom: it has no word of a verdict.
  const names = (Object.keys(formats) as FormatName[]).filter((name) => name !== "trace");
  test.each(names.flatMap((name) => Object.entries(decisions).map((one) => [name, ...one] as const)))(
    "%s, of %s",
    async (name, _, question) => {
      const decision = decide(question);
      expect(decision.unasked).toContain("rolling plans");
      const said = await rendered(formats[name], gateReport(decision, asked), (given) => given);
      for (const what of decision.unasked) expect(said).toContain(what.split(/[^\w ]/, 1)[0]);
    },
  );
});
