import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import type { Diagnosis } from "../../../harness/doctor/diagnosis.ts";
import { configFile, expectNothingLeft, openPlace } from "../../containers/place.ts";

/** `interlock doctor --adapter`: the system is brought up, looked at, and gone again. */

const root = resolve(import.meta.dirname, "../../..");

async function adapterOf(config: string) {
  await using place = await openPlace();
  const interlock = place.interlock(["doctor", "--adapter", "--json", "--config", config]);
  const { exitCode, stdout } = await interlock.ended;
  await expectNothingLeft(place);
  const { checks } = JSON.parse(stdout) as Diagnosis;
  const adapter = checks["adapter"] ?? [];
  const told = adapter.flatMap(({ name, health, found }) => (health === "ok" ? [] : [[name, health, found]]));
  return { exitCode, count: adapter.length, told };
}

test("the config of the fixtures is as it should be, but that its server keeps no locks", async () => {
  const { exitCode, count, told } = await adapterOf(join(root, "interlock.config.ts"));
  expect({ exitCode, told }).toEqual({ exitCode: 0, told: [["mysql-locks", "warn", "it is off"]] });
  expect(count).toBeGreaterThanOrEqual(40);
});

test("one start tells of all points in which a config is wrong, and of no other: exit 3", async () => {
  const { exitCode, told } = await adapterOf(configFile("standard/ill-adapted"));
  const containing = (text: string) => expect.stringContaining(text);
  expect({ exitCode, told }).toEqual({
    exitCode: 3,
    told: [
      ["destinations-start", "fail", containing("destination-web: expected status 200 from /_ready")],
      ["claims-accepted", "fail", "worker-v6: it was answered with 401"],
      ["mysql-locks", "warn", "it is off"],
      ["own-whole", "warn", "jobs.accounts"],
      ["jobs-end", "fail", "v6-hive-hdp2: its status is queued"],
      ["job-status", "fail", containing("v5-presto: it says")],
      ["next-job", "fail", expect.stringMatching(/^\d+ was set and the job is \d+$/)],
      ["outbox", "fail", containing("v5-presto: it has no /var/lib/elsewhere")],
      ["destinations-refuse", "unknown", containing("can refuse")],
    ],
  });
});
