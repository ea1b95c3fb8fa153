import { expect, test } from "vitest";
import { generations } from "../../contracts/job.ts";
import { type OperationId, operations } from "../../contracts/operations.ts";
import type { ProbePort } from "../probe/port.ts";
import { Party } from "../probe/probe.ts";
import { dataTour } from "./data-tour.ts";
import { lifeTour } from "./life-tour.ts";
import { streamOnce } from "./streamed.ts";

/** Counted with the jobs that the workers run: before that nothing has a result. */
const ofJobs: readonly OperationId[] = ["job.result"];

async function asked(make: (party: Party, round: number) => Promise<void>, lacks: OperationId[] = []) {
  const calls: [OperationId, unknown][] = [];
  const port: ProbePort = {
    lacks,
    leaseMs: 30_000,
    databases: { cdh4: "cost", hdp2: "cost" },
    sleep: () => Promise.resolve(),
    call: async (_, __, operation, input) => {
      calls.push([operation, input]);
      return { status: 200, body: {} };
    },
  };
  for (const generation of generations) await make(new Party(port, generation), 1);
  return calls;
}

test("the tours ask for every operation of the contract, with inputs that it takes", async () => {
  const calls = [...(await asked(lifeTour)), ...(await asked(dataTour)), ...(await asked(streamOnce))];
  const names = new Set([...calls.map(([operation]) => operation), ...ofJobs]);
  expect([...names].sort()).toEqual(Object.keys(operations).sort());
  const refused = calls.filter(([operation, input]) => !operations[operation].input.safeParse(input).success);
  expect(refused).toEqual([]);
});

test("an operation that one of two systems lacks is asked of neither", async () => {
  const lacks: OperationId[] = ["bulk_import.create", "table.import", "table.import_with_id"];
  const calls = [...(await asked(dataTour, lacks)), ...(await asked(streamOnce, lacks))];
  const names = calls.map(([operation]) => operation);
  expect(names.filter((name) => name.startsWith("bulk_import") || name.startsWith("table.import"))).toEqual(
    [],
  );
  expect(names).toContain("table.swap");
});
