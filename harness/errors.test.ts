import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  exitCode,
  InfrastructureError,
  limitTrouble,
  loggable,
  reasonOf,
  troubleMessage,
  unwritten,
} from "./errors.ts";

const trouble = {
  component: "worker-v5",
  expected: "a claim that the API answers",
  happened: "it never claimed",
  next: "read the log",
};

test("a trouble says on which thing what was expected, what happened and what to try", () => {
  expect(troubleMessage(trouble)).toMatchInlineSnapshot(`
    "worker-v5: expected a claim that the API answers, but it never claimed
      next: read the log"
  `);
});

test("a trouble shows the last lines of a log where there are any", () => {
  expect(troubleMessage({ ...trouble, log: ["starting", "no route to host"] })).toMatchInlineSnapshot(`
    "worker-v5: expected a claim that the API answers, but it never claimed
      last lines of its log:
        starting
        no route to host
      next: read the log"
  `);
});

test("a log of one line is shown, too", () => {
  expect(troubleMessage({ ...trouble, log: ["killed"] })).toContain("last lines of its log:\n    killed\n");
});

test("an error carries the facts beside the sentence, and its cause", () => {
  const cause = new Error("refused");
  const error = new InfrastructureError(trouble, cause);
  expect(error.trouble).toEqual(trouble);
  expect(error.message).toBe(troubleMessage(trouble));
  expect(error.name).toBe("InfrastructureError");
  expect(error.cause).toBe(cause);
});

const noName = Object.assign(new Error(""), { name: "" });

test.each<[string, unknown, string]>([
  ["an error", new Error("no room"), "no room"],
  [
    "an error with a cause",
    new Error("fetch failed", { cause: new Error("ECONNREFUSED") }),
    "fetch failed: ECONNREFUSED",
  ],
  ["an error with a cause that says nothing", new Error("fetch failed", { cause: noName }), "fetch failed"],
  ["an error with a cause that is none", new Error("fetch failed", { cause: "x" }), "fetch failed"],
  ["an error without words", new TypeError(""), "TypeError"],
  [
    "several at once",
    new AggregateError([new Error("::1 refused"), new Error("127.0.0.1 refused")]),
    "AggregateError: ::1 refused",
  ],
  ["a text", "no room", "no room"],
  ["nothing", undefined, "undefined"],
])("the reason of %s is one line", (_, thrown, reason) => {
  expect(reasonOf(thrown)).toBe(reason);
});

test("the exit codes are those that are published", () => {
  expect(exitCode).toEqual({
    go: 0,
    violation: 1,
    missing: 2,
    infrastructure: 3,
    overridden: 4,
    usage: 64,
    interrupted: 130,
  });
});

const limit = (code: string) =>
  Object.assign(new Error(`${code}: no, open '/runs/a'`), { code, syscall: "open", path: "/runs/a" });

test.each(["EMFILE", "ENFILE", "ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "ENOTDIR", "EEXIST", "EIO"])(
  "the limit %s of this machine is trouble with what to do, whoever meets it",
  (code) => {
    const met = limitTrouble(limit(code));
    expect(met?.message).toMatch(/^\/runs\/a: expected open to be done, but E.*\n {2}next: ./);
  },
);

test("a working directory that was removed meanwhile is trouble as well, and no other file that is missing", () => {
  const gone = Object.assign(new Error("ENOENT: process.cwd failed"), { code: "ENOENT", syscall: "uv_cwd" });
  expect(limitTrouble(gone)?.message).toMatch(/the working directory was removed: go to one that is there$/);
  expect(limitTrouble(limit("ENOENT"))).toBeNull();
});

test.each(["EMFILE", "ENFILE", "ENOSPC", "EDQUOT", "EIO"])(
  "a trouble whose cause is that %s has run out says what to do about that",
  (code) => {
    expect(new InfrastructureError(trouble, limit(code)).trouble.next).toBe(
      limitTrouble(limit(code))?.trouble.next,
    );
  },
);

test("what is no limit of this machine is told as it is", () => {
  expect(limitTrouble(new Error("ENOSPC"))).toBeNull();
  expect(limitTrouble(limit("ECONNREFUSED"))).toBeNull();
  expect(limitTrouble(limit("toString"))).toBeNull();
  expect(limitTrouble("ENOSPC")).toBeNull();
  expect(new InfrastructureError(trouble, limit("ECONNREFUSED")).trouble.next).toBe(trouble.next);
});

test.each([
  ["::error::no", "\\u{3a}:error::no"],
  [" \t::stop-commands::x", " \\u{9}::stop-commands::x"],
  ["a\n  ::add-mask::x", "a\n  \\u{3a}:add-mask::x"],
  ["##[error]no", "\\u{23}#[error]no"],
  ["a cell ##[group]x", "a cell \\u{23}#[group]x"],
  ["###[add-mask]x", "#\\u{23}#[add-mask]x"],
  ["a ##vso[task.setvariable variable=x]y", "a \\u{23}#vso[task.setvariable variable=x]y"],
  ["##teamcity[testFailed]", "\\u{23}#teamcity[testFailed]"],
  ["at 10::1, issue #7, ## a heading", "at 10::1, issue #7, ## a heading"],
])("no line of a log of CI is a command: %j", (said, shown) => {
  expect(loggable(said)).toBe(shown);
});

test("what cannot be written says what stands in its way, each by the system's own answer", () => {
  const folder = mkdtempSync(join(tmpdir(), "interlock-unwritten-"));
  try {
    writeFileSync(join(folder, "file"), "");
    mkdirSync(join(folder, "folder"));
    symlinkSync("round", join(folder, "round"));
    const nextOf = (name: string): string => {
      try {
        writeFileSync(join(folder, name), "");
      } catch (error) {
        return unwritten("report", name, error, "name another file with --html").trouble.next;
      }
      throw new Error(`${name} was written`);
    };
    expect(["file/below", "folder", "nowhere/file", "round", "n".repeat(300)].map(nextOf)).toEqual([
      "remove or rename the file that stands where a folder must be, or name another file with --html",
      "remove or rename the folder that stands there, or name another file with --html",
      "make the folder that it is to be in, or name another file with --html",
      "remove the link that leads to itself, or name another file with --html",
      "give it a shorter name, or name another file with --html",
    ]);
    const full = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    expect(unwritten("history", "history.jsonl", full).message).toBe(
      "history: expected history.jsonl to take it, but no space left on device\n  next: make room there, or name another place",
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
