import { join, resolve } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { loadSettings } from "../../harness/config/load-config.ts";
import { configDigest } from "../../harness/evidence/inputs.ts";

/** Evidence of a system on one database says nothing of it on another. */

const root = resolve(import.meta.dirname, "../..");
const config = join(root, "interlock.config.ts");
const releases = { api: "current", workers: { v5: "current", v6: "current" } };
const digestOn = async (database?: string) =>
  configDigest((await loadSettings(config, database)).config, releases);

test("the digest of the config is of the database that was asked for, the usual one by name or not", async () => {
  const [usual, mysql, mariadb] = await Promise.all([
    digestOn(),
    digestOn("mysql-9.7"),
    digestOn("mariadb-10.11"),
  ]);
  expect(mysql).toBe(usual);
  expect(mariadb).not.toBe(usual);
});

test("a plan for a database asks each shard for it", async () => {
  const argv = ["plan", "--shards", "2", "--database", "mariadb-10.11"];
  const { stdout } = await execa(process.execPath, [join(root, "harness/cli.ts"), ...argv], { cwd: root });
  const { shards } = JSON.parse(stdout) as { shards: { command: string }[] };
  expect(shards.map(({ command }) => command)).toEqual(
    [1, 2].map((index) => `script/compat --shard ${index}/2 --database mariadb-10.11`),
  );
});
