import { describe, expect, test } from "vitest";
import { patternOf, stepsIn } from "./transcript.ts";

/** A page as a reader types it: what is a step of it, and what counts as the answer that it states. */

const page = `
\`\`\`sh
npm i something
\`\`\`

\`\`\`js a.mjs
one();
two();
\`\`\`

\`\`\`console
$ run it
no
…
$ echo $?
1
$ run it again
\`\`\`

\`\`\`diff a.mjs
-one();
\`\`\`

\`\`\`text
a sketch
\`\`\`
`;

test("files, patches and commands are steps, in the order of the page; all else is none", () => {
  expect(stepsIn(page)).toEqual([
    { kind: "write", line: 7, file: "a.mjs", text: "one();\ntwo();\n" },
    { kind: "command", line: 12, command: "run it", exitCode: 1, said: ["no", "…"] },
    { kind: "command", line: 17, command: "run it again", exitCode: 0, said: [] },
    { kind: "patch", line: 21, file: "a.mjs", text: "-one();\n" },
  ]);
});

test("an answer without a command is a mistake of the page", () => {
  expect(() => stepsIn("```console\nhello\n```")).toThrow("line 2: an answer without a command: hello");
});

describe("an answer", () => {
  test.each<[said: string[], answer: string, isIt: boolean]>([
    [["a (b) [c]"], "a (b) [c]\n", true],
    [["a.c"], "abc\n", false],
    [["a", "b"], "a\nb\n", true],
    [["a"], "a\nb\n", false],
    [["b"], "a\nb\n", false],
    [["took … s"], "took 1.5 s\n", true],
    [["took … s"], "took 1.5\n s\n", false],
    [["a", "…", "d"], "a\nb\nc\nd\n", true],
    [["a", "…", "d"], "a\nd\n", true],
    [["a", "…", "e"], "a\nb\nd\n", false],
    [[], "", true],
    [[], "a\n", false],
  ])("of %j is %j: %j", (said, answer, isIt) => {
    expect(patternOf(said).test(answer)).toBe(isIt);
  });
});
