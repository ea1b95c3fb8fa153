import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { engines } from "../../contracts/job.ts";
import { basesOf, usualScenarios, type Workload, workloadsOf } from "../../harness/explore/workloads.ts";
import { isApplicable } from "../../harness/schedule/applicable.ts";
import { isStep, sampleFaults, singlesAt } from "../../harness/schedule/catalog.ts";
import { processOf } from "../../harness/schedule/faults.ts";
import type { Fault } from "../../harness/schedule/schedule.ts";
import { allKinds } from "../../harness/testing/faults.ts";
import { recorded } from "../../harness/testing/recorded.ts";
import { config, releases, runOn } from "../status-sync/system.ts";

/** How much the sweep of single faults tries, frozen: what shrinks it is seen here, and needs a reason. */

/**
 * By scenario, the same for every engine: sites that its job comes to, and the single faults there, by kind. A new kind
 * of fault or scenario brings a file with its own counts.
 */
const frozen = recorded<number>(join(import.meta.dirname, "sweep-counts"));

const bases = basesOf(engines, usualScenarios(config.scenarios), releases, 1);
const workloads = await workloadsOf(await runOn(), bases);
const scenarioOf = ({ base }: Workload): string => base.workload.jobs[0]?.scenario ?? "";

test("every usual scenario and every kind of fault is counted", () => {
  const counted = (names: readonly string[]) => [...new Set(names)].toSorted();
  expect(Object.keys(frozen).toSorted()).toEqual(counted(workloads.map(scenarioOf)));
  expect(counted(Object.values(frozen).flatMap(Object.keys))).toEqual(["sites", ...allKinds].toSorted());
});

describe.each(Object.entries(frozen))("%s", (scenario, before) => {
  const its = workloads.filter((workload) => scenarioOf(workload) === scenario);

  test("is swept with every engine that it has", () => {
    const own = config.scenarios.find(({ name }) => name === scenario)?.engines ?? engines;
    expect(its).toHaveLength(own.length);
  });

  test.each(its)("$path has as many sites and single faults of each kind as before", ({ reached }) => {
    const singles = singlesAt(reached);
    const now: Record<string, number> = { sites: reached.length };
    for (const kind of allKinds) now[kind] = singles.filter(({ fault }) => fault.kind === kind).length;
    expect(now).toMatchObject(before);
  });
});

describe.each(workloads)("$path", ({ reached }) => {
  /** Where the sweep tries none of these faults. */
  const leftOut = (wanted: (fault: Fault) => boolean): string[] => {
    const without = reached.filter(
      // To one statement comes only what MySQL says of it.
      (at) =>
        isStep(at) &&
        at.statement === undefined &&
        !sampleFaults.some((fault) => wanted(fault) && isApplicable(at, fault, 1)),
    );
    return [...new Set(without.map(({ link, operation }) => `${link} ${operation}`))].sort();
  };

  test("leaves out the kill of a job that no customer can know of yet, or at a disk", () => {
    const sites = new Set(reached.map(({ link, operation }) => `${link} ${operation}`));
    const expected = [
      "api->database connector.issue",
      "api->database job.issue",
      "api->database job.result_export",
      "api->database scheduled_query.create",
      "api->database scheduled_query.run",
      "api->database table.export",
      "api->database table.partial_delete",
      "api->database worker.claim",
      "customer->api connector.issue",
      "customer->api job.issue",
      "customer->api job.result_export",
      "customer->api scheduled_query.create",
      "customer->api scheduled_query.run",
      "customer->api table.export",
      "customer->api table.partial_delete",
      "worker->api worker.claim",
      "worker->disk put",
      "worker->disk remove",
    ];
    // A session of Bulk Import issues nothing.
    expect(leftOut(({ kind }) => kind === "kill-job")).toEqual(expected.filter((site) => sites.has(site)));
  });

  test("leaves out an API that falls over at a worker's disk, of which it knows nothing", () => {
    expect(leftOut((fault) => processOf(fault) === "api")).toEqual([
      "worker->disk put",
      "worker->disk remove",
    ]);
  });
});
