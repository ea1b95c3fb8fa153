import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Replay } from "../../../harness/replay/replay.ts";
import { type Schedule, scheduleFormat } from "../../../harness/schedule/schedule.ts";
import { expectNothingLeft, openPlace } from "../../containers/place.ts";

/** docs/incidents.md, 2017-10-23, Bulk Import: the one kill that the simulated sweep finds, repeated in containers. */

/** The customer kills the job of its perform as the worker reads the first part. */
const killedPerform = (api: string): Schedule => ({
  format: scheduleFormat,
  workload: { jobs: [{ scenario: "bulk-import", engine: "hive-cdh4" }], workers: 1 },
  releases: { api, workers: { v5: "current" } },
  seed: 1,
  faults: [
    {
      at: {
        link: "worker->api",
        operation: "worker.import_part",
        job: 1,
        occurrence: 1,
        phase: "before",
      },
      fault: { kind: "kill-job" },
    },
  ],
});

const shown = "customer->api, bulk_import.show: model: status";

test.concurrent.each<[api: string, exit: number, what: string, says: string[]]>([
  ["current", 0, "is performed again, and its rows are in the table once", []],
  ["ready-before-its-job-ends", 1, "is ready before its worker has ended", [shown]],
  ["killed-perform-leaves-it", 1, "performs for ever", [shown]],
])("on %s, exit %i: a session whose perform is killed %s", async (api, exit, _, says) => {
  await using place = await openPlace();
  await writeFile(join(place.folder, "killed.json"), JSON.stringify(killedPerform(api)));
  const argv = [
    "replay",
    "killed.json",
    "--rig",
    "containers",
    "--json",
    "--config",
    join(import.meta.dirname, "../../../interlock.config.ts"),
  ];
  const { exitCode, stdout } = await place.interlock(argv).ended;
  const { loose, unfired } = JSON.parse(stdout) as Replay;
  const departed = loose.map((line) => line.replace(/: expected .*/, ""));
  expect({ exitCode, unfired, departed }).toEqual({ exitCode: exit, unfired: [], departed: says });
  await expectNothingLeft(place);
});
