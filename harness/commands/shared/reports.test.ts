import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeReports } from "./reports.ts";

test("as long as a command judges, its files say that it came to no end", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "interlock-reports-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const files = { junit: join(folder, "r.xml"), html: join(folder, "r.html"), ctrf: join(folder, "r.json") };
  for (const file of Object.values(files)) await writeFile(file, "all green, yesterday");
  const asked = { flags: files, file: "history.jsonl", title: "check", redact: (text: string) => text };
  const seen: string[] = [];
  const judge = async () => {
    for (const file of Object.values(files)) seen.push(await readFile(file, "utf8"));
    throw new Error("enough");
  };
  await expect(writeReports(asked, judge)).rejects.toThrow("enough");
  expect(seen).toHaveLength(3);
  for (const text of seen) {
    expect(text).toContain("it was stopped or broke off before it came to an end");
    expect(text).not.toContain("yesterday");
  }
  expect(await readFile(files.junit, "utf8")).toContain("enough");
});
