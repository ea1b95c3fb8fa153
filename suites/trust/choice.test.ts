import { mkdir, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Place } from "./place.ts";

/** What of the matrix is run, and in which forms it is reported: nothing that was chosen by mistake is ever green. */

let place: Place;
beforeAll(async () => {
  place = await Place.open();
  await mkdir(place.path(".interlock/runs/2026-01-02-000000-aaaa"), { recursive: true });
  await mkdir(place.path(".interlock/runs/2026-01-01-000000-aaaa"), { recursive: true });
  await place.put(".interlock/runs/2026-01-01-000000-aaaa/result.json", run("violation", "pass"));
});
afterAll(() => place[Symbol.asyncDispose]());

const config = ["--config", resolve("interlock.config.ts")];
const run = (web: string, append: string, schema = 2) => ({
  schema,
  runId: "kept",
  api: "current",
  cells: [
    { path: "current/v5-presto/web", verdict: web, violations: [], millis: 1 },
    { path: "current/v5-presto/mysql-append", verdict: append, violations: [], millis: 1 },
  ],
});
const listed = async (...flags: string[]) => {
  const { exitCode, stdout, stderr } = await place.interlock("run", "--list", "--json", ...flags, ...config);
  return exitCode === 0
    ? JSON.parse(stdout).cells.map(({ path }: { path: string }) => path)
    : { exitCode, stderr };
};
const refused = (words: string) => ({ exitCode: 64, stderr: expect.stringContaining(words) });

test("--grep takes a regular expression over the paths", async () => {
  expect(await listed("--grep", "v6.*/create-table$")).toEqual(["current/v6-hive-hdp2/create-table"]);
  expect(await listed("--grep", "nothing like it")).toEqual(refused("no cell matches"));
  expect(await listed("--grep", "[")).toEqual(refused("is no regular expression"));
});

test("--last-failed takes what was not green in the last run that came to a result", async () => {
  expect(await listed("--last-failed")).toEqual(["current/v5-presto/web"]);
  const { stderr } = await place.interlock("run", "--list", "--last-failed", ...config);
  expect(stderr).toContain(
    "passes over 1 newer runs that are kept\n  2026-01-02-000000-aaaa: it left no result of the matrix",
  );
  expect(await listed("--last-failed", "--grep", "append")).toEqual(refused("none of the cells that failed"));
  expect(await listed("--last-failed", "--api", "2026-05")).toEqual(refused("add --api current"));
  const newer = ".interlock/runs/2026-01-02-000000-aaaa/result.json";
  await place.put(newer, run("pass", "violation", 1));
  const older = await place.interlock("run", "--list", "--last-failed", ...config);
  expect(older).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("web"),
    stderr: expect.stringContaining("schema: 1 is the result of an older Interlock; this one reads 2"),
  });
  await place.put(newer, run("pass", "pass"));
  expect(await listed("--last-failed")).toEqual(refused("there is nothing to run"));
});

test("--last-failed takes cells of another database for none of this one's", async () => {
  const newest = ".interlock/runs/2026-01-03-000000-aaaa/result.json";
  await mkdir(place.path(".interlock/runs/2026-01-03-000000-aaaa"));
  await place.put(newest, { ...run("violation", "pass"), database: "mariadb-10.11" });
  expect(await listed("--last-failed")).toEqual(refused("add --database mariadb-10.11"));
  expect(await listed("--last-failed", "--database", "mariadb-10.11")).toEqual(["current/v5-presto/web"]);
  await rm(place.path(".interlock/runs/2026-01-03-000000-aaaa"), { recursive: true });
});

test("--since last-green is refused where no run of the same was green", async () => {
  expect(await listed("--since", "last-green")).toEqual(
    refused("--since last-green: no green run of API current on "),
  );
  const green = { ...run("pass", "pass"), verdict: "pass" };
  await mkdir(place.path(".interlock/runs/2026-01-01-000000-bbbb"));
  await place.put(".interlock/runs/2026-01-01-000000-bbbb/result.json", green);
  const two = ["--grep", "^current/v5-presto/(web|mysql-append)$"];
  expect(await listed("--since", "last-green", ...two)).toHaveLength(2);
  expect(await listed("--since", "last-green")).toEqual(refused("with all of these cells"));
});

test("a shard is a part of the whole matrix", async () => {
  expect(await listed("--shard", "1/2", "--grep", "web")).toEqual(refused("--shard goes with none of"));
});

test("--reporter says what to do where something stands in the place of its files", async () => {
  await using other = await Place.open();
  const refusal = async () => {
    const argv = ["replay", resolve("docs/rollout.schedule.json"), "--reporter", "junit", ...config];
    const { exitCode, stderr } = await other.interlock(...argv);
    return { exitCode, stderr };
  };
  await mkdir(other.path(".interlock"));
  await other.put(".interlock/reports", "");
  const next = "; remove or rename what stands there, or name";
  expect(await refusal()).toEqual(refused(next));
  await rm(other.path(".interlock/reports"));
  await mkdir(other.path(".interlock/reports/report.xml"), { recursive: true });
  expect(await refusal()).toEqual(refused(next));
});

test("--reporter names formats, and refuses what is none", async () => {
  const replay = (list: string) =>
    place.interlock("replay", resolve("docs/rollout.schedule.json"), "--reporter", list, ...config);
  expect(await replay("json,junit")).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^\{/) });
  expect(await replay("dots")).toMatchObject({ exitCode: 64, stdout: "" });
});
