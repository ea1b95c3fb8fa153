import { expect, test } from "vitest";
import { type Schedule, scheduleFormat } from "../schedule/schedule.ts";
import { rolledFrom, rollOf } from "./roll.ts";

/** One worker of each generation; the API goes there and back, v6 surges. */

const step = (fault: object): Schedule["faults"][number] =>
  ({
    at: { link: "worker->api", operation: "worker.claim", job: 1, occurrence: 1, phase: "after" },
    fault: { ms: 1000, ...fault },
  }) as never;
const lost = step({ kind: "lost" });
const plan: Schedule = {
  format: scheduleFormat,
  workload: {
    jobs: [
      { scenario: "web", engine: "presto" },
      { scenario: "web", engine: "hive-hdp2" },
    ],
    workers: 1,
  },
  releases: { api: "a", workers: { v5: "w", v6: "w" } },
  seed: 1,
  faults: [
    step({ kind: "version", process: "api", release: "b" }),
    lost,
    step({ kind: "surge", process: "worker", name: "worker-v6-1", release: "x", graceMs: 1 }),
    step({ kind: "surge", process: "worker", name: "worker-v6-1.life-2", release: "w", graceMs: 1 }),
    step({ kind: "version", process: "api", release: "a" }),
  ],
};
const releasesIn = ({ faults }: Schedule) =>
  faults.map(({ fault }) => ("release" in fault ? fault.release : null));

test("a plan tells where it leads", () => {
  expect(rollOf(plan)).toEqual({ api: "b", workers: { v6: "x" } });
});

test("it can begin at other releases and lead to others; all else stays as it is", () => {
  const begins = { api: "b", workers: { v5: "w", v6: "x" } };
  const other = rolledFrom(plan, begins, { api: "c", workers: { v6: "y" } });
  expect(other.releases).toEqual(begins);
  expect(releasesIn(other)).toEqual(["c", null, "y", "x", "b"]);
  expect({ ...other, releases: plan.releases, faults: [] }).toEqual({ ...plan, faults: [] });
  expect(other.faults[1]).toEqual(lost);
});

test("where nothing else is said it leads where it led", () => {
  const begins = { ...plan.releases, api: "z" };
  expect(releasesIn(rolledFrom(plan, begins, { workers: {} }))).toEqual(["b", null, "x", "w", "z"]);
});

test("a schedule without a version step leads nowhere", () => {
  expect(rollOf({ ...plan, faults: [lost] })).toMatch(/no version step/);
});
