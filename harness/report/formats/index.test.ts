import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { rendered } from "../format.ts";
import { troubleReport } from "../report.ts";
import { formats, printed } from "./index.ts";

test("every file of this folder is a format of the table", async () => {
  const files = await readdir(import.meta.dirname);
  const names = files.flatMap((file) => /^(?!index)([^.]+)\.ts$/.exec(file)?.[1] ?? []);
  expect(Object.keys(formats).sort()).toEqual(names.sort());
});

test.each(Object.entries(formats))("%s tells of a command that came to no verdict", async (_, format) => {
  const text = await rendered(format, troubleReport("API current", "mysql: no answer"), (given) => given);
  expect(text).toContain("mysql: no answer");
  expect(text.endsWith("\n")).toBe(true);
});

test("what is printed without a flag is one that is printed", () => {
  expect(formats[printed].to).toBe("output");
});

test.each(Object.entries(formats))("%s shows no secret", async (_, format) => {
  const report = troubleReport("API current", "mysql: refused hunter2");
  const text = await rendered(format, report, (given) => given.replaceAll("hunter2", "***"));
  expect(text).toContain("mysql: refused ***");
  expect(text).not.toContain("hunter2");
});
