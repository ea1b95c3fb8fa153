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
  const [message = "", ...more] = stderr.split(/^interlock: /m).slice(1);
  expect(more, stderr).toEqual([]);
  expect(message, stderr).not.toMatch(/^\s+at /m);
  const [first = "", ...others] = message.trimEnd().split("\n");
  const parts = /^(?<component>.+?): expected (?<expected>.*?), but (?<happened>.*)$/.exec(first)?.groups;
  expect(parts, message).toEqual({
    component: told.component,
    expected: expect.stringMatching(told.expected),
    happened: expect.stringMatching(told.happened),
  });
  expect(others.at(-1), message).toMatch(/^ {2}next: ./);
  expect(others.at(-1)).toEqual(expect.stringMatching(told.next));
  if (told.log === undefined) expect(message).not.toContain("log:\n");
  else expect(others).toContainEqual(expect.stringMatching(told.log));
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
  expect(millis).toBeLessThan(told.within);
}
