import { expect, test } from "vitest";
import type { ProbePort } from "../probe/port.ts";
import type { Counters } from "./counters.ts";
import type { Figure } from "./figures.ts";
import { costPerOperation } from "./per-operation.ts";

/** What a call of a tour costs, where some of its rounds are refused. */

/** @param statuses of the reports of a tour, round by round, the uncounted first one too; what is refused costs 1, all else 5 */
async function figuresOfReport(statuses: readonly number[]): Promise<Figure[]> {
  const left = [...statuses];
  let statements = 0;
  const port: ProbePort = {
    lacks: [],
    leaseMs: 1_000,
    databases: { cdh4: "cost", hdp2: "cost" },
    sleep: () => Promise.resolve(),
    call: async () => {
      const status = left.shift() ?? 500;
      statements += status === 200 ? 5 : 1;
      return { status, body: {} };
    },
  };
  const read = async (): Promise<Counters> => ({
    statements,
    rowsExamined: 0,
    connections: 0,
    openConnections: 0,
    bytesRead: 0,
    bytesWritten: null,
    lockWaits: 0,
    byStatement: new Map(),
  });
  return await costPerOperation(
    { of: "a life", make: async (party) => void (await party.asWorker(1, "worker.finish", {})) },
    port,
    "v5",
    read,
  );
}

const costOfReport = async (statuses: readonly number[]): Promise<number | undefined> =>
  (await figuresOfReport(statuses)).find(({ measure }) => measure === "statements")?.value;

test.each<[string, number[], number]>([
  ["always taken", [200, 200, 200, 200, 200, 200], 5],
  ["refused in most rounds, since leases ran out", [200, 409, 409, 409, 409, 200], 5],
  ["refused in every round that counts", [200, 409, 409, 409, 409, 409], 1],
])("a report that is %s", async (_, statuses, cost) => {
  expect(await costOfReport(statuses)).toBe(cost);
});

test("a report that is never taken is counted as another call than one that is", async () => {
  const names = async (statuses: number[]) => [
    ...new Set((await figuresOfReport(statuses)).map(({ of }) => of)),
  ];
  expect(await names([200, 409, 409, 409, 409, 409])).toEqual([
    "worker.finish, call 1 of a life in v5, refused",
  ]);
  expect(await names([200, 409, 409, 409, 409, 200])).toEqual(["worker.finish, call 1 of a life in v5"]);
});
