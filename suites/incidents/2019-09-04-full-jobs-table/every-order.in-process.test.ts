import { expect, test } from "vitest";
import { createHandlers } from "../../../fixtures/api/handlers.ts";
import { standardParts } from "../../../fixtures/api/parts.ts";
import { withRoom } from "../../../fixtures/api/upkeep/watched-room.ts";
import { standardBuild } from "../../../fixtures/build.ts";
import { createSystem } from "../../../fixtures/in-process/system.ts";
import { over, withStore } from "../../../fixtures/mutants/patches.ts";
import { basesOf } from "../../../harness/explore/workloads.ts";
import { runSchedules } from "../../../harness/rigs/in-process/run.ts";
import { withoutStacks } from "../../../harness/rigs/in-process/without-stacks.ts";
import { config, releases } from "../../status-sync/system.ts";

/** Which operations store a job, by what they do to the store when the probe calls each of them. */
async function storingJobs(): Promise<string[]> {
  const storing = new Set<string>();
  const api = withStore(standardBuild, (store) => ({
    transaction: (label, work) =>
      store.transaction(label, (tx) =>
        work(
          over(tx, {
            insertJob: (job) => {
              storing.add(label);
              return tx.insertJob(job);
            },
          }),
        ),
      ),
  }));
  const built = createSystem({ api, workers: { v5: standardBuild, v6: standardBuild } });
  const system = { ...built, inReleases: () => system };
  const [scenario] = config.scenarios;
  const base = basesOf(["presto"], scenario === undefined ? [] : [scenario], releases, 1)[0]?.base;
  if (base === undefined) throw new Error("the config has no scenario of Presto");
  const schedule = { ...base, workload: { ...base.workload, probe: true as const } };
  await withoutStacks(() => runSchedules({ system, scenarios: config.scenarios }, [schedule]));
  return [...storing].toSorted();
}

test("whatever operation stores a new job asks for room before", async () => {
  const handlers = createHandlers(standardParts);
  const guarded = withRoom(handlers, { require: async () => {} });
  const asking = (Object.keys(handlers) as (keyof typeof handlers)[]).filter(
    (id) => guarded[id] !== handlers[id],
  );
  expect(await storingJobs()).toEqual(asking.toSorted());
});
