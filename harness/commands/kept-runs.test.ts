import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import type { RunResult } from "../matrix/result.ts";
import { cellResult, runResult } from "../testing/result.ts";
import { lastGreenResult } from "./kept-runs.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "interlock-kept-"));
});
afterEach(() => rm(folder, { recursive: true }));

const cells = [cellResult("current/v5/web"), cellResult("current/v5/mysql")];
const green: RunResult = { ...runResult(cells), api: "current", verdict: "pass" };
const red = [cellResult("current/v5/web", { verdict: "violation" }), cellResult("current/v5/mysql")];

async function keep(name: string, result: object): Promise<string> {
  await mkdir(join(folder, name));
  const file = join(folder, name, "result.json");
  await writeFile(file, JSON.stringify(result));
  return file;
}
const found = (database?: string) => lastGreenResult({ api: "current", database, cells }, folder);

test("the last green run is the newest that was green, past all that were not", async () => {
  await keep("2026-01-01", green);
  const wanted = await keep("2026-01-02", green);
  await keep("2026-01-03", { ...green, cells: red, verdict: "violation" });
  await mkdir(join(folder, "2026-01-04"));
  expect(await found()).toBe(wanted);
});

test.each<[string, object]>([
  ["that was red", { ...green, cells: red, verdict: "violation" }],
  ["of which something was missing", { ...green, verdict: "missing" }],
  ["that does not say whether it was green", { ...green, verdict: undefined }],
  ["that departed from the contract outside of any job", { ...green, loose: ["GET /v3 answered 500"] }],
  ["of another API", { ...green, api: "next" }],
  ["of another database", { ...green, database: "mariadb-10.11" }],
  ["of fewer cells", { ...green, cells: cells.slice(1) }],
  ["of an older Interlock", { ...green, schema: 1 }],
])("a run %s is none", async (_, result) => {
  await keep("2026-01-01", result);
  await expect(found("mysql-8.4")).rejects.toThrow(UsageError);
  await expect(found("mysql-8.4")).rejects.toThrow(
    `--since last-green: no green run of API current on mysql-8.4 with all of these cells is kept in ${folder}; run it green first, or name`,
  );
});

test("one of more cells is one, and so is one from before results named their database", async () => {
  const wanted = await keep("2026-01-01", { ...green, cells: [...cells, cellResult("current/v6/web")] });
  expect(await found("mysql-8.4")).toBe(wanted);
});
