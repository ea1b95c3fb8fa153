import { expect, test } from "vitest";
import { engines } from "../../../contracts/job.ts";
import { askedMatrix } from "./asked-matrix.ts";

/** What a run is asked for, by its flags. */

const flags = { config: "interlock.config.ts", cell: [], worker: [], attempt: 1 };

test("a shard runs on the system of all shards, whatever its own cells need", async () => {
  const asked = await askedMatrix({ ...flags, shard: "100/100" });
  expect(new Set(asked.cells.map(({ engine }) => engine)).size).toBe(1);
  expect([...asked.engines].sort()).toEqual([...engines].sort());
});

test("some cells run on what they need", async () => {
  const asked = await askedMatrix({ ...flags, cell: ["*/v6-hive-hdp2/web"] });
  expect(asked.engines).toEqual(["hive-hdp2"]);
});
