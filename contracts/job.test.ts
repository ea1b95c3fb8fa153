import { describe, expect, test } from "vitest";
import {
  clusters,
  engineFor,
  engines,
  enginesOf,
  generations,
  isTerminal,
  type JobEvent,
  jobStatuses,
  nextStatus,
  queryTypes,
  terminalStatuses,
} from "./job.ts";

const events = ["claim", "heartbeat", "cancel", "finish:success", "finish:error", "finish:killed"] as const;

/** Written independently of the table under test. "-" is a refusal. */
const moves: Record<(typeof jobStatuses)[number], readonly string[]> = {
  queued: ["booting", "-", "killed", "-", "-", "-"],
  booting: ["booting", "running", "-", "success", "error", "killed"],
  running: ["running", "running", "-", "success", "error", "killed"],
  success: ["-", "-", "-", "-", "-", "-"],
  error: ["-", "-", "-", "-", "-", "-"],
  killed: ["-", "-", "-", "-", "-", "-"],
};

describe.each(jobStatuses)("a job that is %s", (status) => {
  test.each(events.map((event, i) => [event, moves[status][i]] as const))(
    "on %s goes to %s",
    (event, next) => {
      expect(nextStatus(status, event) ?? "-").toBe(next);
    },
  );
});

test("no event is left out above", () => {
  const rest: Exclude<JobEvent, (typeof events)[number]>[] = [];
  expect(rest).toEqual([]);
});

test("a terminal status absorbs every event", () => {
  for (const status of terminalStatuses) {
    expect(events.map((event) => nextStatus(status, event))).toEqual(events.map(() => undefined));
  }
});

test("exactly success, error and killed are ends", () => {
  expect(jobStatuses.filter(isTerminal)).toEqual(["success", "error", "killed"]);
});

test("every end can be reached from the start, and from every status that is not an end", () => {
  const reached = (from: (typeof jobStatuses)[number]) => {
    const seen = new Set([from]);
    for (const status of seen) {
      for (const event of events) {
        const next = nextStatus(status, event);
        if (next !== undefined) seen.add(next);
      }
    }
    return terminalStatuses.filter((status) => seen.has(status));
  };
  expect(["queued", "booting", "running"].map((from) => reached(from as "queued"))).toEqual([
    terminalStatuses,
    terminalStatuses,
    terminalStatuses,
  ]);
});

test("Presto is one for all, Hive depends on the account's cluster", () => {
  const table = clusters.map((cluster) => queryTypes.map((type) => engineFor(type, cluster)));
  expect(table).toEqual([
    ["presto", "hive-cdh4"],
    ["presto", "hive-hdp2"],
  ]);
});

test("every engine is run by exactly one generation", () => {
  const runners = engines.map((engine) => generations.filter((one) => enginesOf[one].includes(engine)));
  expect(Object.fromEntries(engines.map((engine, i) => [engine, runners[i]]))).toEqual({
    presto: ["v5"],
    "hive-cdh4": ["v5"],
    "hive-hdp2": ["v6"],
  });
});
