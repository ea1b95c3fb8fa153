import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { probeTopics } from "./probe-topics.ts";
import { parseSchedule } from "./schedule/parse.ts";
import { scheduleFormat, topicsOf } from "./schedule/schedule.ts";

const withProbe = (probe: unknown): string =>
  JSON.stringify({
    format: scheduleFormat,
    workload: { jobs: [{ scenario: "web", engine: "presto" }], workers: 2, probe },
    releases: { api: "current", workers: {} },
    seed: 1,
    faults: [],
  });
const asked = (probe: unknown) => topicsOf(parseSchedule(withProbe(probe), "it.json"));

test("a schedule's probe asks about everything, about some topics, or not at all", () => {
  expect(asked(true)).toEqual(Object.keys(probeTopics));
  expect(asked(["streams", "leases"])).toEqual(["streams", "leases"]);
  expect(asked(undefined)).toEqual([]);
});

test.each([[false], [[]], [["leases", "nothing"]], ["leases"]])("%j is no probe", (probe) => {
  expect(() => asked(probe)).toThrow("workload.probe");
});

test("docs/schedules.md tells each topic", async () => {
  const text = (await readFile("docs/schedules.md", "utf8")).replaceAll(/ +\|/g, " |");
  const told = Object.entries(probeTopics).filter(([topic, what]) =>
    text.includes(`| \`${topic}\` | ${what} |`),
  );
  expect(told).toEqual(Object.entries(probeTopics));
});
