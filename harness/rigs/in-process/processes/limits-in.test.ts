import { expect, test } from "vitest";
import type { InProcessSystem, Releases } from "../../../../contracts/in-process.ts";
import { limits } from "../../../invariants/testing/history.ts";
import type { Fault, Schedule } from "../../../schedule/schedule.ts";
import { limitsIn } from "./limits-in.ts";

const shorter = { ...limits, deliveryMs: 60_000 };
const longer = { ...limits, leaseMs: 60_000 };
const inReleases = ({ api, workers }: Releases) =>
  ({ limits: api === "longer" ? longer : workers.v5 === "shorter" ? shorter : limits }) as InProcessSystem;
const system = { limits, inReleases } as InProcessSystem;
const at = { link: "worker->api", operation: "worker.claim", job: 1, occurrence: 1, phase: "after" } as const;
const becomes = (process: "api" | "worker", release: string): Fault => ({
  kind: "version",
  process,
  release,
  ms: 300,
});
const limitsOf = (faults: readonly Fault[], beside?: string[]) => {
  const releases = { api: "current", workers: {}, ...(beside === undefined ? {} : { beside }) };
  return limitsIn(system, { releases, faults: faults.map((fault) => ({ at, fault })) } as Schedule);
};

test("the limits of a schedule are those of each release that comes about in it, once", () => {
  expect(limitsOf([])).toEqual([limits]);
  expect(limitsOf([becomes("api", "same")], ["current"])).toEqual([limits]);
  expect(limitsOf([], ["longer"])).toEqual([limits, longer]);
  const steps = [becomes("worker", "shorter"), becomes("api", "longer"), becomes("worker", "shorter")];
  expect(limitsOf(steps)).toEqual([limits, shorter, longer]);
});
