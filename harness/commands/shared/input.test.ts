import { execFileSync } from "node:child_process";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { UsageError } from "../../errors.ts";
import { readInput } from "./input.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "interlock-input-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("a file is read whole", async () => {
  const file = join(folder, "schedule.json");
  await writeFile(file, '{"ü": 1}');
  expect(await readInput(file)).toBe('{"ü": 1}');
});

test.each<[string, (path: string) => unknown, string]>([
  ["nothing", () => {}, "ENOENT"],
  [
    "a pipe, which may never begin",
    (path) => execFileSync("mkfifo", [path]),
    "it is a pipe or a device, no file",
  ],
  ["a folder", (path) => execFileSync("mkdir", [path]), "it is a folder, no file"],
  [
    "a file beyond all measure",
    async (path) => {
      await writeFile(path, "");
      await truncate(path, 16 * 1024 * 1024 + 1);
    },
    "it has 16777217 bytes, and at most 16777216 are read",
  ],
])("%s is refused at once, by its name", async (what, make, says) => {
  const path = join(folder, what.slice(0, 8));
  await make(path);
  const refusal = await readInput(path).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(UsageError);
  expect((refusal as Error).message).toContain(`${path}: cannot be read: `);
  expect((refusal as Error).message).toContain(says);
});

test("a device that never ends is refused", async () => {
  await expect(readInput("/dev/zero")).rejects.toThrow("a pipe or a device");
});
