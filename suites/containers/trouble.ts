import { expect } from "vitest";
import type { Ended } from "./interlock.ts";

/** What the one message of a run that came to no verdict must hold. */
export interface Told {
  component: string;
  expected: string | RegExp;
  happened: string | RegExp;
  /** A line of its log, where it had a word to say. */
  log?: string | RegExp;
  next: string | RegExp;
  /** Milliseconds from the start of the command to its end. */
  within: number;
}

/** One message, in the words that every trouble is told in, exit 3, no trace of a stack, no verdict. */
export function expectTrouble({ exitCode, stdout, stderr, millis }: Ended, told: Told): void {
  const messages = stderr.split(/^interlock: /m).slice(1);
  expect({ messages, stderr }).toEqual({ messages: [expect.any(String)], stderr });
  const lines = (messages[0] as string).trimEnd().split("\n");
  expect(lines).not.toContainEqual(expect.stringMatching(/^\s+at /));
  expect({ ...what.exec(lines[0] as string)?.groups, lines }).toEqual({
    component: told.component,
    expected: expect.stringMatching(told.expected),
    happened: expect.stringMatching(told.happened),
    lines,
  });
  expect(lines.at(-1)).toMatch(/^ {2}next: ./);
  expect(lines.at(-1)).toEqual(expect.stringMatching(told.next));
  if (told.log === undefined) expect(lines).not.toContain("  last lines of its log:");
  else expect(lines).toContainEqual(expect.stringMatching(told.log));
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
  expect(millis).toBeLessThan(told.within);
}

const what = /^(?<component>.+?): expected (?<expected>.*?), but (?<happened>.*)$/;
