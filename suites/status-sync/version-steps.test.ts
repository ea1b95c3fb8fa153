import { expect, test } from "vitest";
import { baseSchedule } from "../../harness/explore/workloads.ts";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import { printSchedule } from "../../harness/report/schedule.ts";
import { abstractOutcome } from "../../harness/rigs/abstract-outcome.ts";
import { openWire } from "../../harness/rigs/wire/wire.ts";
import type { Planned } from "../../harness/schedule/schedule.ts";
import { releases, runOn } from "./system.ts";

/** A component that becomes another release in the middle of a job: the old one's state, the new one's code. */

const becomes = (
  process: "api" | "worker",
  release: string,
  operation: string,
  job: number | null = 1,
): Planned => ({
  at: { link: "worker->api", operation, job, occurrence: 1, phase: "before" },
  fault: { kind: "version", process, release, ms: 200 },
});
const job = { scenario: "insert-into", engine: "presto" } as const;
const toBroken = becomes("api", "2015-08-24", "worker.claim", null);
const toCurrent = becomes("api", "current", "worker.claim", null);

/** The system of the schedule's own releases, and what comes of it with these faults. */
async function ran(api: string, faults: Planned[]) {
  const own = { ...releases, api };
  const schedule = { ...baseSchedule("presto", "web", own, 3), faults };
  const [run] = await (await runOn(own))([schedule]);
  using wire = openWire();
  const [onWire] = await (await runOn(own, wire))([schedule]);
  expect(abstractOutcome(onWire?.events ?? [])).toEqual(abstractOutcome(run?.events ?? []));
  expect(run?.unfired).toEqual([]);
  const events = run?.events ?? [];
  const steps = events.flatMap((event) =>
    event.kind === "component" ? [`${event.what} ${event.detail}`] : [],
  );
  return { broken: judgeHistory(events).broken.map(({ invariant }) => invariant), steps, events };
}

test("an API that becomes the build of 2015-08-24 before a job is claimed lets it end with nothing delivered", async () => {
  const { broken, steps } = await ran("current", [toBroken]);
  expect(broken).toContain("I4");
  expect(steps).toEqual(["exited for 200 ms", "started as release 2015-08-24"]);
});

test("an API that is mended before the job is claimed breaks nothing", async () => {
  expect((await ran("2015-08-24", [])).broken).toContain("I4");
  expect((await ran("2015-08-24", [toCurrent])).broken).toEqual([]);
});

test("a step there and back leaves the last one's code", async () => {
  const issue = { link: "customer->api", operation: "job.issue", job: 1 } as const;
  const { broken, steps } = await ran("current", [
    { ...toBroken, at: { ...issue, occurrence: 1, phase: "before" } },
    { ...toCurrent, at: { ...issue, occurrence: 2, phase: "after" } },
  ]);
  expect(steps).toEqual([
    "exited for 200 ms",
    "started as release 2015-08-24",
    "exited for 200 ms",
    "started as release current",
  ]);
  expect(broken).toEqual([]);
});

test("a worker goes on as another release with the reports that the old one has kept", async () => {
  const { broken, events } = await ran("current", [becomes("worker", "current", "worker.finish")]);
  expect(broken).toEqual([]);
  const sent = events.filter((event) => event.kind === "exchange" && event.operation === "worker.finish");
  expect(sent.at(-1)).toMatchObject({ status: 200, request: { attempt: 1, status: "success" } });
});

test("a release that does not read what the old one has kept leaves it behind", async () => {
  const { broken } = await ran("current", [becomes("worker", "report-lost-on-restart", "worker.finish")]);
  expect(broken).toEqual(["L3"]);
});

test("a step of a worker leaves nothing of the release that it was, whatever the other generation is", async () => {
  const worse = { api: "current", workers: { v5: "report-lost-on-restart", v6: "report-lost-on-restart" } };
  const run = await runOn(worse);
  const kill: Planned = {
    at: { link: "worker->api", operation: "worker.finish", job: 1, occurrence: 1, phase: "before" },
    fault: { kind: "kill", process: "worker", ms: 5_000 },
  };
  const mended = becomes("worker", "current", "worker.claim", null);
  const workload = {
    ...baseSchedule("presto", "insert-into", worse, 3),
    workload: { jobs: [job], workers: 1 },
  };
  const brokenBy = async (...faults: Planned[]) => {
    const [one] = await run([{ ...workload, faults }]);
    expect(one?.unfired).toEqual([]);
    return judgeHistory(one?.events ?? []).broken.map(({ invariant }) => invariant);
  };
  expect(await brokenBy(kill)).toContain("I12");
  expect(await brokenBy(mended, kill)).toEqual([]);
});

test("a step of a process that is down already takes hold when it is up again", async () => {
  const issue = { link: "customer->api", operation: "job.issue", job: 1, phase: "before" } as const;
  const { broken, steps } = await ran("current", [
    { at: { ...issue, occurrence: 1 }, fault: { kind: "kill", process: "api", ms: 5_000 } },
    { ...toBroken, at: { ...issue, occurrence: 2 } },
  ]);
  expect(steps).toEqual(["exited for 5000 ms", "started as release 2015-08-24"]);
  expect(broken).toContain("I4");
});

test("a step reads as what it does", () => {
  const schedule = { ...baseSchedule("presto", "web", releases, 3), faults: [toBroken] };
  expect(printSchedule(schedule).at(-1)).toBe(
    "before the 1st worker.claim (worker->api): the api becomes release 2015-08-24, up again after 200 ms",
  );
});
