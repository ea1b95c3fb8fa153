import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Component, Config } from "../../harness/config/config.ts";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import type { Fault, Site } from "../../harness/schedule/schedule.ts";
import { program } from "./fixtures/program.ts";
import { mysqlCa } from "./mysql-ca.ts";
import { type Bed, exchangesOf, finalOf, makeBed, releases, scheduleOf, site } from "./schedule-bed.ts";

/** Schedules of an API whose connections to MySQL are encrypted, and whose server takes no others of it. */

let bed: Bed;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "interlock-encrypted-"));
  const ca = await mysqlCa(folder);
  bed = await makeBed(["v5"], 1, [], releases, encrypting(ca));
});
afterAll(async () => {
  await bed.leave();
  await rm(folder, { recursive: true });
});

const encrypting =
  (ca: string) =>
  (config: Config): Config => {
    const api = program("api/main.ts", config.api["current"] as object);
    const env: typeof api.env = (around) => ({
      ...api.env(around),
      DATABASE_TLS: "on",
      DATABASE_TLS_CA: ca,
    });
    const alone = ["api", "migrations"].map((user) => `ALTER USER '${user}'@'%' REQUIRE SSL;`).join("\n");
    const { mysql } = config;
    return {
      ...config,
      api: { ...config.api, current: { ...api, env } as Component },
      mysql: { ...mysql, init: `${mysql.init}\n${alone}` },
    };
  };

test.each<[string, Site, Fault, object[]]>([
  [
    "the OK to its COMMIT is lost",
    site("after", "worker.finish", "api->database", null),
    { kind: "lost" },
    [{ status: 503 }, { status: 200 }],
  ],
  [
    "its first write is refused",
    { ...site("before", "worker.finish", "api->database", null), statement: 1 },
    { kind: "deadlock" },
    [{ status: 200 }],
  ],
])("an end of which %s is stored once", async (_, at, fault, finishes) => {
  const { events, unfired } = await bed.run(scheduleOf("presto", "insert-into", 1, [{ at, fault }]));
  expect(unfired).toEqual([]);
  expect(exchangesOf(events, "worker.finish")).toMatchObject(finishes);
  expect(finalOf(events)).toMatchObject({ stored: "success", leased: false, unsent: 0 });
  expect(judgeHistory(events)).toMatchObject({ broken: [], loose: [] });
});
