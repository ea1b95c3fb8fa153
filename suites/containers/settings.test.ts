import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunEvent } from "../../harness/history/event.ts";
import { readHistory } from "../../harness/history/read.ts";
import { type ServerSettings, settingsDiffer } from "../../harness/oracle/settings.ts";
import { configFile, openPlace } from "./place.ts";

/** Two servers of one image, started alike, are set alike: else what GO rests on would never agree. */

const argv = ["run", "--config", configFile("standard/few-operations"), "--cell", "current/v5-presto/web"];

test("each run says how its database was set, and two of them say the same", async () => {
  await using place = await openPlace();
  for (const _ of [1, 2]) expect(await place.interlock(argv).ended).toMatchObject({ exitCode: 0 });
  const said: ServerSettings[] = [];
  for (const run of await place.runs()) {
    const [begun] = await readHistory(join(place.folder, ".interlock/runs", run, "history.jsonl"));
    said.push((begun as RunEvent).settings ?? {});
  }
  const [one, other] = said as [ServerSettings, ServerSettings];
  expect(said).toHaveLength(2);
  expect(one).toMatchObject({ sql_mode: expect.any(String), max_connections: expect.any(String) });
  expect(settingsDiffer(one, other)).toBeNull();
});
