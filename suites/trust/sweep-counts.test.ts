import { describe, expect, test } from "vitest";
import { engines } from "../../contracts/job.ts";
import { basesOf, usualScenarios, workloadsOf } from "../../harness/explore/workloads.ts";
import { isApplicable } from "../../harness/schedule/applicable.ts";
import { isStep, sampleFaults, singlesAt } from "../../harness/schedule/catalog.ts";
import { processOf } from "../../harness/schedule/faults.ts";
import type { Fault, FaultKind } from "../../harness/schedule/schedule.ts";
import { config, releases, runOn } from "../status-sync/system.ts";

/** How much the sweep of single faults tries, frozen: what shrinks it is seen here, and needs a reason. */

/**
 * By scenario, the same for every engine: sites that its job comes to, and the single faults there, by kind. A later
 * kind of fault or scenario need not be in it.
 */
const frozen: Record<string, { sites: number; faults: Partial<Record<FaultKind, number>> }> = {
  web: {
    sites: 39,
    faults: {
      lost: 35,
      late: 35,
      status: 34,
      truncated: 9,
      duplicate: 8,
      "half-open": 35,
      outage: 35,
      kill: 131,
      pause: 92,
      "kill-job": 27,
      version: 0,
    },
  },
  "insert-into": {
    sites: 27,
    faults: {
      lost: 23,
      late: 23,
      status: 22,
      truncated: 6,
      duplicate: 5,
      "half-open": 23,
      outage: 23,
      kill: 89,
      pause: 62,
      "kill-job": 15,
      version: 0,
    },
  },
  "create-table": {
    sites: 33,
    faults: {
      lost: 29,
      late: 29,
      status: 26,
      truncated: 7,
      duplicate: 6,
      "half-open": 29,
      outage: 29,
      kill: 111,
      pause: 78,
      "kill-job": 21,
      version: 0,
    },
  },
};

const bases = basesOf(engines, usualScenarios(config.scenarios), releases, 1);
const workloads = await workloadsOf(await runOn(), bases);

describe.each(Object.entries(frozen))("%s", (scenario, before) => {
  const its = workloads.filter(({ base }) => base.workload.jobs[0]?.scenario === scenario);

  test("is swept with every engine", () => {
    expect(its).toHaveLength(engines.length);
  });

  test.each(its)("$path has as many sites and single faults of each kind as before", ({ reached }) => {
    const singles = singlesAt(reached);
    const kinds = Object.keys(before.faults);
    const counts = kinds.map((kind) => [kind, singles.filter(({ fault }) => fault.kind === kind).length]);
    expect({ sites: reached.length, faults: Object.fromEntries(counts) }).toEqual(before);
  });
});

describe.each(workloads)("$path", ({ reached }) => {
  /** Where the sweep tries none of these faults. */
  const leftOut = (wanted: (fault: Fault) => boolean): string[] => {
    const without = reached.filter(
      (at) => isStep(at) && !sampleFaults.some((fault) => wanted(fault) && isApplicable(at, fault, 1)),
    );
    return [...new Set(without.map(({ link, operation }) => `${link} ${operation}`))].sort();
  };

  test("leaves out the kill of a job that no customer can know of yet, or at a disk", () => {
    expect(leftOut(({ kind }) => kind === "kill-job")).toEqual([
      "api->database job.issue",
      "api->database worker.claim",
      "customer->api job.issue",
      "worker->api worker.claim",
      "worker->disk put",
      "worker->disk remove",
    ]);
  });

  test("leaves out an API that falls over at a worker's disk, of which it knows nothing", () => {
    expect(leftOut((fault) => processOf(fault) === "api")).toEqual([
      "worker->disk put",
      "worker->disk remove",
    ]);
  });
});
