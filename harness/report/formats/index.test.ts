import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { troubleReport } from "../report.ts";
import { formats, printed } from "./index.ts";

test("every file of this folder is a format of the table", async () => {
  const files = await readdir(import.meta.dirname);
  const names = files.flatMap((file) => /^(?!index)([^.]+)\.ts$/.exec(file)?.[1] ?? []);
  expect(Object.keys(formats).sort()).toEqual(names.sort());
});

test.each(Object.entries(formats))("%s tells of a command that came to no verdict", (_, { render }) => {
  const text = render(troubleReport("API current", "mysql: no answer"));
  expect(text).toContain("mysql: no answer");
  expect(text.endsWith("\n")).toBe(true);
});

test("what is printed without a flag is one that is printed", () => {
  expect(formats[printed].to).toBe("output");
});
