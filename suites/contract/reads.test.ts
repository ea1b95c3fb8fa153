import { expect, test } from "vitest";
import { loadConfig } from "../../harness/config/load-config.ts";
import { GatheredReads, type Reads } from "../../harness/diff/reads.ts";
import { basesOf } from "../../harness/explore/workloads.ts";
import { simulated } from "../../harness/rigs/in-process/in-process.ts";
import { recordingReads } from "../../harness/rigs/in-process/recording.ts";
import { needsOf } from "../../harness/rigs/needs.ts";
import { Secrets } from "../../harness/secrets.ts";

/** What workers read is recorded as their own code reads it, and recording changes nothing. */

async function recorded(): Promise<{ reads: Reads; events: unknown[]; plain: unknown[] }> {
  const secrets = new Secrets();
  const config = await loadConfig("interlock.config.ts", secrets);
  const scenarios = config.scenarios.filter(({ name }) =>
    ["web", "mysql-append", "create-table"].includes(name),
  );
  const releases = { api: "current", workers: { v5: "current", v6: "current" } };
  const bases = basesOf(["presto", "hive-hdp2"], scenarios, releases, 1).map(({ base }) => base);
  const gathered = new GatheredReads();
  const options = { config, secrets, runsFolder: "", note: () => {} };
  const [first] = bases as [(typeof bases)[number]];
  await using rig = await recordingReads(gathered).open(needsOf(first, config), options);
  await using other = await simulated.open(needsOf(first, config), options);
  const events: unknown[] = [];
  for (const base of bases) {
    gathered.nextScenario();
    events.push(...(await rig.run([base])).map((run) => run.events));
  }
  return { reads: gathered.reads, events, plain: (await other.run(bases)).map((run) => run.events) };
}

test("v5 reads the URL in every scenario that it has a job of, v6 the settings; neither reads the other's", async () => {
  const { reads, events, plain } = await recorded();
  const { "worker-v5": v5, "worker-v6": v6 } = reads.consumers;
  expect(v5?.operations["worker.claim"]).toMatchObject({
    scenarios: 3,
    fields: { "job.result_url": 3, job: 3 },
  });
  expect(v6?.operations["worker.claim"]?.fields).toMatchObject({
    "job.result_settings": 3,
    "job.result_settings.mode": 1,
  });
  expect(v5?.operations["worker.claim"]?.fields).not.toHaveProperty(["job.result_settings"]);
  expect(v6?.operations["worker.claim"]?.fields).not.toHaveProperty(["job.result_url"]);
  expect(v5?.operations["worker.heartbeat"]?.fields).toMatchObject({ kill_requested: expect.any(Number) });
  expect(events).toEqual(plain);
});
