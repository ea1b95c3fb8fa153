import type { Case, Report } from "./report.ts";

/** How forms that list cases tell them. It is loaded with the command line: it imports no large module. */

/** The cases, and one more for a report that is not a pass for a reason that no case shows: without it it would look green. */
export function casesTold({ verdict, reasons, cases }: Report): Case[] {
  if (verdict === "pass" || cases.some((one) => one.verdict !== "pass")) return [...cases];
  const story = reasons.flatMap((reason) => reason.split("\n"));
  return [...cases, { path: "interlock/run", verdict, violations: [], reason: story[0], story }];
}

/** Why a case is not a pass, in a line that is never empty. */
export const messageOf = ({ violations, reason, verdict }: Case): string =>
  [violations[0]?.witnesses[0], reason].find((text) => text !== undefined && text.trim() !== "") ?? verdict;

/** All that is told of a case that is not a pass, a line each. */
export const toldOf = ({ violations, story, repeat }: Case): string[] => [
  ...violations.flatMap(({ invariant, definition, witnesses }) => [
    `${invariant}: ${definition}`,
    ...witnesses,
  ]),
  ...story,
  ...(repeat === undefined ? [] : [`again: ${repeat}`]),
];
