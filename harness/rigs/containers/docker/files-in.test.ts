import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { fileNames } from "./files-in.ts";

test("the files of an archive are told by name, folders are not", async () => {
  const folder = await mkdtemp(join(tmpdir(), "interlock-tar-"));
  try {
    await mkdir(join(folder, "outbox/empty"), { recursive: true });
    await writeFile(join(folder, "outbox/17-1.json"), "{}");
    await writeFile(join(folder, "outbox/18-1.json"), "x".repeat(1500));
    await writeFile(join(folder, "outbox/none"), "");
    const tar = ["--create", "--format=ustar", "--sort=name", "--directory", folder, "outbox"];
    const { stdout } = await execa("tar", tar, { encoding: "buffer" });
    expect(fileNames(Buffer.from(stdout))).toEqual(["outbox/17-1.json", "outbox/18-1.json", "outbox/none"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("an archive without anything has no files", () => {
  expect(fileNames(Buffer.alloc(1024))).toEqual([]);
  expect(fileNames(Buffer.alloc(0))).toEqual([]);
});
