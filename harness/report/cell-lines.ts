import type { Violation } from "../invariants/judge.ts";
import type { CellResult } from "../matrix/result.ts";
import type { Verdict } from "../verdict.ts";

export const marks: Record<Verdict, string> = {
  pass: "✓",
  violation: "✕",
  missing: "?",
  infrastructure: "!",
};

/** Lines that a story gets however little room there is: the job's issue, claim and end, and what was found. */
const leastStory = 6;

/** One red cell told in full, in at most `room` lines where that can be: what was broken, who saw what, how to repeat it. */
export function cellLines(cell: CellResult, command: string, room: number): string[] {
  const head = [
    `${marks[cell.verdict]} ${cell.path}${cell.job === null ? "" : `, job ${cell.job}`}`,
    ...(cell.reason === undefined ? [] : [`  ${cell.reason}`]),
  ];
  const end = `  again: ${command}`;
  const broken = brokenLines(cell.violations, room - head.length - 2 - leastStory);
  const story = shortened(cell.story, Math.max(leastStory, room - head.length - broken.length - 2));
  return [
    ...head,
    ...broken,
    ...(story.length === 0
      ? []
      : ["  who saw what, by the system's clock:", ...story.map((line) => `    ${line}`)]),
    end,
  ];
}

/** Every broken invariant is named; how many of its witnesses are heard depends on the room. */
function brokenLines(violations: readonly Violation[], room: number): string[] {
  const each = Math.max(1, Math.min(4, Math.floor(room / Math.max(1, violations.length)) - 1));
  return violations.flatMap(({ invariant, definition, witnesses }) => [
    `  ${invariant}: ${definition}`,
    ...witnesses.slice(0, each).map((witness) => `    ${witness}`),
  ]);
}

/** A story without its middle: the beginning says what was asked for, the end what was found. */
function shortened(story: readonly string[], room: number): string[] {
  if (story.length <= room) return [...story];
  const last = Math.min(3, Math.floor(room / 2));
  const first = room - last - 1;
  return [
    ...story.slice(0, first),
    `… ${story.length - first - last} lines more in result.json`,
    ...story.slice(-last),
  ];
}
