import { describe, expect, test } from "vitest";
import { usualScenarios } from "../../../harness/explore/workloads.ts";
import type { Run } from "../../../harness/rigs/run.ts";
import { openWire } from "../../../harness/rigs/wire/wire.ts";
import type { Planned } from "../../../harness/schedule/schedule.ts";
import { config, releases, runOn } from "../../status-sync/system.ts";
import {
  answersWhileFull,
  brokenBy,
  endsOf,
  fullAt,
  fullFromEach,
  fullIn,
  fullMs,
  minute,
  workloadsOn,
} from "./forty-six-minutes.ts";

/** docs/incidents.md, 2019-09-04: the table of jobs is full for 46 minutes, from each moment of a job of each kind. */

const orders = [
  "job.issue",
  "job.result_export",
  "table.partial_delete",
  "table.export",
  "connector.issue",
  "bulk_import.perform",
  "bulk_import.commit",
  "scheduled_query.run",
  "scheduler",
];
const usual = usualScenarios(config.scenarios);
const named = (name: string) => config.scenarios.filter((scenario) => scenario.name === name);
const success = new Set(["success"]);

async function runsFrom(
  operations: readonly string[],
  engines: Parameters<typeof workloadsOn>[1],
): Promise<Run[]> {
  const run = await runOn();
  const workloads = await workloadsOn(run, engines, usual);
  return await run(workloads.flatMap((workload) => fullFromEach(workload, operations)));
}

describe("while the table of jobs is full for 46 minutes", () => {
  test.each([
    ["each order of every kind", orders, ["hive-cdh4"], 12],
    ["the job of a due time", ["scheduler"], ["presto"], 1],
    ["the claim of a job", ["worker.claim"], ["hive-cdh4"], 11],
    ["a receipt", ["worker.receipt"], ["hive-cdh4"], 6],
    ["an end of every kind", ["worker.finish"], ["hive-hdp2"], 12],
  ] as const)(
    "%s is late, and each job succeeds, once, after it",
    { timeout: 300_000 },
    async (_, operations, engines, least) => {
      const runs = await runsFrom(operations, [...engines]);
      expect(runs.flatMap(({ unfired }) => unfired)).toEqual([]);
      expect(runs.length).toBeGreaterThanOrEqual(least);
      expect(brokenBy(runs)).toEqual([]);
      expect(new Set(runs.flatMap(endsOf))).toEqual(success);
      // No end lands before there is room.
      const landed = runs
        .flatMap(answersWhileFull)
        .filter(({ operation, status }) => operation === "worker.finish" && status === 200);
      expect(landed).toEqual([]);
    },
  );

  /** A job of this scenario, the table full from one of its calls on. */
  async function jobOf(
    scenario: string,
    from: [operation: string, where?: Parameters<typeof fullAt>[2]],
    ...more: readonly Planned[]
  ): Promise<Run> {
    const run = await runOn();
    const [workload] = await workloadsOn(run, ["presto"], named(scenario));
    const fault = workload && fullAt(workload, ...from);
    if (workload === undefined || !fault) throw new Error(`${scenario} comes to no ${from[0]}`);
    const [only] = await run([{ ...workload.base, faults: [fault, ...more] }]);
    return only as Run;
  }
  const killJob = (operation: string, occurrence: number): Planned => ({
    at: { link: "worker->api", operation, job: 1, occurrence, phase: "after" },
    fault: { kind: "kill-job" },
  });

  test("the kill of a running job is taken and heard, and its end lands when there is room", async () => {
    const run = await jobOf("slow", ["worker.heartbeat", { nth: 2 }], killJob("worker.heartbeat", 2));
    expect(run.unfired).toEqual([]);
    expect(brokenBy([run])).toEqual([]);
    const wishes = answersWhileFull(run).filter(({ operation }) => operation === "job.kill");
    expect(wishes.map(({ status }) => status)).toContain(200);
    expect(endsOf(run)).toEqual([expect.stringMatching(/^killed/)]);
  });

  test("the kill of a queued job that finds no room is told so, asked again, and taken", async () => {
    const run = await jobOf("scheduled-query", ["job.kill"]);
    expect(run.unfired).toEqual([]);
    expect(brokenBy([run])).toEqual([]);
    const wishes = run.events.flatMap((event) =>
      event.kind === "exchange" && event.operation === "job.kill" && event.sent >= fullIn(run).from
        ? [event.at <= fullIn(run).to ? `full ${event.status}` : `room ${event.status}`]
        : [],
    );
    expect(new Set(wishes)).toEqual(new Set(["full 503", "room 200"]));
  });

  test("heartbeats go through: a job that runs keeps its worker", async () => {
    const run = await jobOf("no-output", ["worker.finish"]);
    const beats = answersWhileFull(run).filter(({ operation }) => operation === "worker.heartbeat");
    expect(beats.length).toBeGreaterThan(fullMs / minute);
    expect(new Set(beats.map(({ status }) => status))).toEqual(new Set([200]));
    expect(endsOf(run)).toEqual(["success"]);
  });

  test("an export of what a destination refused lands with the end of its query", async () => {
    const run = await jobOf("destination-refuses", ["worker.finish", { statement: 2 }]);
    expect(run.unfired).toEqual([]);
    expect(brokenBy([run])).toEqual([]);
    const ends = answersWhileFull(run).filter(({ operation }) => operation === "worker.finish");
    expect(new Set(ends.map(({ status }) => status))).toEqual(new Set([503]));
    expect(endsOf(run)).toEqual(["success"]);
  });

  test("whoever is refused is told when to come again and what to do, over HTTP", {
    timeout: 300_000,
  }, async () => {
    using wire = openWire();
    const run = await runOn(releases, wire);
    const workloads = await workloadsOn(run, ["presto", "hive-cdh4"], usual);
    const runs = await run(workloads.flatMap((workload) => fullFromEach(workload, orders, minute)));
    const refused = runs.flatMap(answersWhileFull).filter(({ status }) => status !== null && status >= 400);
    const told = refused.map(({ operation, status, reply, headers }) => {
      const text = String((reply as { text?: unknown }).text);
      const says = /nothing of it is stored; .*send the same request again/.test(text);
      const tells = /mysql|ER_|1114|'jobs'|already/i.test(text);
      return { operation, status, again: Number(headers?.reply["retry-after"]) >= 1, says, tells };
    });
    const asked = new Set(told.map(({ operation }) => operation));
    expect(orders.filter((order) => order !== "scheduler" && !asked.has(order as never))).toEqual([]);
    expect(told.filter((one) => one.status !== 503 || !one.again || !one.says || one.tells)).toEqual([]);
  });
});
