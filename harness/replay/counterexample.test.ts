import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { InfrastructureError } from "../errors.ts";
import { historyHash } from "../history/hash.ts";
import { scheduleFormat } from "../schedule/schedule.ts";
import { exchangeEvent } from "../testing/events.ts";
import {
  type Counterexample,
  counterexampleOf,
  counterexampleSchema,
  defaultFile,
  parseCounterexample,
  writeCounterexample,
} from "./counterexample.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "interlock-counterexample-"));
});
afterAll(() => rm(folder, { recursive: true }));

const events = [exchangeEvent()];
const counterexample: Counterexample = counterexampleOf(
  {
    schedule: {
      format: scheduleFormat,
      workload: { jobs: [{ scenario: "create-table", engine: "hive-hdp2" }], workers: 1 },
      releases: { api: "next", workers: { v6: "current" } },
      seed: 5,
      faults: [],
    },
    events,
    unfired: [],
    reached: [],
    millis: 1,
  },
  { invariant: "I3", job: 1, witnesses: ["it says so"] },
  { faultsBefore: 4, schedules: 300, millis: 12, globallyMinimal: true },
);

test("docs/counterexample.schema.json is the schema (vitest -u writes it anew)", async () => {
  const text = `${JSON.stringify(z.toJSONSchema(counterexampleSchema), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot("../../docs/counterexample.schema.json");
});

test("it says by itself what is run, what must break and what the history looked like", () => {
  expect(counterexample).toMatchObject({
    releases: { api: "next", workers: { v6: "current" } },
    seed: 5,
    expected: { invariant: "I3", job: 1, witnesses: ["it says so"] },
    historyHash: historyHash(events),
  });
});

test("what is written is read again as it was, and nothing else is left", async () => {
  const file = join(folder, "deep/down/it.json");
  await writeCounterexample(counterexample, file);
  await writeCounterexample(counterexample, file);
  expect(parseCounterexample(await readFile(file, "utf8"), file)).toEqual(counterexample);
  expect(await readdir(join(folder, "deep/down"))).toEqual(["it.json"]);
});

test("its schedule may be of format 1", () => {
  const jobs = [{ statement: "create-table", engine: "hive-hdp2" }];
  const schedule = { ...counterexample.schedule, format: 1, workload: { jobs, workers: 1 } };
  const text = JSON.stringify({ ...counterexample, schedule });
  expect(parseCounterexample(text, "it.json")).toEqual(counterexample);
});

test("a place that cannot take it keeps what it had, and nothing is left half written", async () => {
  await writeCounterexample(counterexample, join(folder, "taken/it.json"));
  const onFolder = writeCounterexample(counterexample, join(folder, "taken"));
  await expect(onFolder).rejects.toThrow(InfrastructureError);
  const underFile = writeCounterexample(counterexample, join(folder, "taken/it.json/more.json"));
  await expect(underFile).rejects.toThrow(/expected .*more\.json to take it, but .*\n.*name another place/);
  expect(await readdir(join(folder, "taken"))).toEqual(["it.json"]);
  expect((await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("its name tells invariant and history apart", () => {
  const hash = counterexample.historyHash.slice(0, 12);
  expect(defaultFile(counterexample)).toBe(`.interlock/counterexamples/I3-${hash}.json`);
});

test("a hash that is none is refused", () => {
  const text = JSON.stringify({ ...counterexample, historyHash: "abc" });
  expect(() => parseCounterexample(text, "it.json")).toThrow("historyHash: expected 64 hexadecimal digits");
});
