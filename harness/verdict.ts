import { exitCode } from "./errors.ts";

/** What a cell, a run, a replay or an exploration can come to. */
export const verdicts = ["pass", "violation", "missing", "infrastructure"] as const;
export type Verdict = (typeof verdicts)[number];

/** What a command ends with, by its verdict. */
export const exitOf: Readonly<Record<Verdict, number>> = {
  pass: exitCode.go,
  violation: exitCode.violation,
  missing: exitCode.missing,
  infrastructure: exitCode.infrastructure,
};

/** The verdict over several: the first of these that is among them. */
const worstFirst = ["violation", "infrastructure", "missing"] as const;

export const worstOf = (all: readonly Verdict[]): Verdict =>
  worstFirst.find((verdict) => all.includes(verdict)) ?? "pass";
