import { expect, test } from "vitest";
import type { ProcessName } from "../../../../schedule/schedule.ts";
import { victimOf } from "./victims.ts";

const named = (name: string, planned = name) => ({ name, planned, handle: null, address: () => null });
const worker = (name: string, planned: string) => ({
  ...named(name, planned),
  generation: "v5" as const,
  index: 1,
});
const processes = {
  apis: [named("api"), named("api-2")],
  database: named("mysql"),
  workers: [worker("worker-v5", "worker-v5-1"), worker("worker-v5.life-2", "worker-v5-1.life-2")],
};

test.each<[ProcessName, string, string | undefined]>([
  ["api", "api", "api"],
  ["api", "api-2", "api-2"],
  ["api", "api-3", undefined],
  ["api", "worker-v5", "api"],
  ["database", "api-2", "mysql"],
  ["database", "database", "mysql"],
  ["worker", "worker-v5", "worker-v5"],
  ["worker", "worker-v5-1", "worker-v5"],
  ["worker", "worker-v5-1.life-2", "worker-v5.life-2"],
  ["worker", "worker-v6-1", undefined],
  ["worker", "customer", "worker-v5"],
  ["worker", "", "worker-v5"],
])("a fault of the %s that means %j hits %s", (which, wanted, hit) => {
  expect(victimOf(processes, which, wanted)?.name).toBe(hit);
});
