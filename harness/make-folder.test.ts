import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder } from "./make-folder.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "interlock-folders-"));
});
afterAll(() => rmSync(root, { recursive: true }));

test("it is made with all above it, again and again, with the mode that was asked for", () => {
  const inner = join(root, "a/b/c");
  for (let i = 0; i < 2; i += 1) makeFolder(inner, 0o700);
  expect(["a", "a/b", "a/b/c"].map((one) => statSync(join(root, one)).mode & 0o777)).toEqual([
    0o700, 0o700, 0o700,
  ]);
  makeFolder(join(root, "a"));
  makeFolder(root);
});

test("a path from the working directory, and one through a link", () => {
  symlinkSync(join(root, "a"), join(root, "link"));
  makeFolder(join(root, "link/d/e"));
  expect(statSync(join(root, "a/d/e")).isDirectory()).toBe(true);
  makeFolder(".");
});

test("a file in its place, or above it, is told as the system tells it", () => {
  writeFileSync(join(root, "file"), "");
  expect(() => makeFolder(join(root, "file"))).toThrow("EEXIST: file already exists");
  expect(() => makeFolder(join(root, "file/x/y"))).toThrow("ENOTDIR: not a directory");
});

test.each(["/proc/x", "/proc/x/y/z", "/proc/self/x", "/proc/1/x/y"])(
  "%s is refused at once, and does not hang",
  (path) => {
    expect(() => makeFolder(path)).toThrow(/^E[A-Z]+: .*\/proc/);
  },
);
