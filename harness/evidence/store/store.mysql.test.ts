import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Connection, createConnection } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { sha256 } from "../../secrets.ts";
import { Store } from "./store.ts";

/** Evidence of several machines in one real MySQL, by accounts that may do no more than they must. */

const { host, port, rootlike } = inject("mysql");
const database = `evidence_${process.pid}`;
const as = (name: string) => ({
  host,
  port,
  user: `${name}_${process.pid}`,
  password: `${name}-pass`,
  database,
  tls: false,
});
const rights = { owner: "ALL", writer: "SELECT", reader: "SELECT" };
const body = sha256("a large value");
let direct: Connection;
let root: string;

beforeAll(async () => {
  direct = await createConnection({ host, port, ...rootlike });
  root = await mkdtemp(join(tmpdir(), "interlock-store-"));
});
beforeEach(async () => {
  await direct.query(`DROP DATABASE IF EXISTS ${database}`);
  await direct.query(`CREATE DATABASE ${database}`);
  for (const [name, granted] of Object.entries(rights)) {
    const { user, password } = as(name);
    await direct.query(`DROP USER IF EXISTS '${user}'@'%'`);
    await direct.query(`CREATE USER '${user}'@'%' IDENTIFIED BY '${password}'`);
    await direct.query(`GRANT ${granted} ON ${database}.* TO '${user}'@'%'`);
  }
});
afterAll(async () => {
  for (const name of Object.keys(rights)) await direct.query(`DROP USER IF EXISTS '${as(name).user}'@'%'`);
  await direct.query(`DROP DATABASE IF EXISTS ${database}`);
  await direct.end();
  await rm(root, { recursive: true });
});

async function migrated(): Promise<void> {
  await using store = await Store.open(as("owner"));
  await store.migrate();
  // A right on a table can only be given once it is there.
  for (const table of ["pieces", "runs"])
    await direct.query(`GRANT INSERT ON ${database}.${table} TO '${as("writer").user}'@'%'`);
}

/** A run of 5 MB in its folder, which is more than one piece, with what it keeps besides its evidence. */
async function runIn(name: string, mark = name): Promise<string> {
  const folder = join(root, name);
  await mkdir(join(folder, "history.bodies"), { recursive: true });
  await mkdir(join(folder, "logs"), { recursive: true });
  await writeFile(join(folder, "evidence.intoto.jsonl"), `evidence of ${mark}`);
  // It names its large value where one piece ends and the next one begins.
  const upTo = mark.padEnd(4 * 2 ** 20 - 30, "x");
  const history = `${upTo}{"rows":{"$body":"${body}","bytes":13}}${"x".repeat(800_000)}`;
  await writeFile(join(folder, "history.jsonl"), history);
  await writeFile(join(folder, "history.bodies", `${body}.json`), "a large value");
  await writeFile(join(folder, "logs", "api.log"), "no evidence");
  return folder;
}

const contentOf = async (folder: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      (await readdir(folder, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map(async ({ parentPath, name }) => {
          const file = join(parentPath, name);
          return [file.slice(folder.length + 1), sha256(await readFile(file))] as const;
        }),
    ),
  );

async function put(folder: string, who = "writer"): Promise<boolean> {
  await using store = await Store.open(as(who));
  await store.mustFit();
  return await store.put(folder);
}

async function fetched(who = "reader"): Promise<string[]> {
  await using store = await Store.open(as(who));
  await store.mustFit();
  return await store.fetch(await mkdtemp(join(root, "cache-")), () => {});
}

test("a run comes back as it was put there, without what is no evidence", async () => {
  await migrated();
  const folder = await runIn("one");
  expect(await put(folder)).toBe(true);
  const [back = ""] = await fetched();
  const { "logs/api.log": _, ...kept } = await contentOf(folder);
  expect(await contentOf(back)).toEqual(kept);
});

test("one that is there already is there once", async () => {
  await migrated();
  const folder = await runIn("twice");
  expect([await put(folder), await put(folder)]).toEqual([true, false]);
  expect(await fetched()).toHaveLength(1);
});

test("machines that write at once, some of it the same, lose nothing", async () => {
  await migrated();
  const own = await Promise.all(Array.from({ length: 12 }, (_, i) => runIn(`own-${i}`)));
  const shared = await runIn("shared");
  await Promise.all(own.flatMap((folder) => [put(folder), put(shared)]));
  const back = await Promise.all((await fetched()).map(contentOf));
  const histories = (all: Record<string, string>[]) => new Set(all.map((files) => files["history.jsonl"]));
  const sent = await Promise.all([...own, shared].map(contentOf));
  expect(back).toHaveLength(13);
  expect(histories(back)).toEqual(histories(sent));
});

test("what was fetched is not fetched again, and no half is left", async () => {
  await migrated();
  await put(await runIn("cached"));
  const cache = await mkdtemp(join(root, "cache-"));
  const noted: string[] = [];
  await using store = await Store.open(as("reader"));
  await store.fetch(cache, (line) => noted.push(line));
  await store.fetch(cache, (line) => noted.push(line));
  expect(noted).toHaveLength(1);
  expect(await readdir(cache)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
});

test("a copy that was changed since is fetched anew", async () => {
  await migrated();
  const folder = await runIn("touched");
  await put(folder);
  const cache = await mkdtemp(join(root, "cache-"));
  await using store = await Store.open(as("reader"));
  const [copy = ""] = await store.fetch(cache, () => {});
  await rm(join(copy, "evidence.intoto.jsonl"));
  await store.fetch(cache, () => {});
  const { "logs/api.log": _, ...kept } = await contentOf(folder);
  expect(await contentOf(copy)).toEqual(kept);
});

test("a writer that dies before the end leaves nothing that others see", async () => {
  await migrated();
  const folder = await runIn("cut");
  const store = await Store.open(as("writer"));
  const [{ id } = { id: 0 }] = (
    await direct.query(`SELECT id FROM information_schema.processlist WHERE user = '${as("writer").user}'`)
  )[0] as { id: number }[];
  await direct.query(`LOCK TABLES ${database}.runs READ, ${database}.pieces WRITE`);
  const writing = store.put(folder);
  const told = writing.then(
    () => "nothing",
    (error: Error) => error.message,
  );
  await direct.query(`KILL ${id}`);
  await direct.query("UNLOCK TABLES");
  expect(await told).toContain(`the store ${database}`);
  expect(await fetched()).toEqual([]);
  expect(await put(folder)).toBe(true);
});

describe("is told", () => {
  const saidBy = (what: Promise<unknown>): Promise<string> =>
    what.then(
      () => "nothing",
      (error: Error) => error.message,
    );

  test("of a store without tables, of an older or a newer one", async () => {
    expect(await saidBy(fetched())).toMatch(/it has none.*--migrate/s);
    await migrated();
    await direct.query(`INSERT INTO ${database}.versions (version) VALUES (99)`);
    expect(await saidBy(fetched())).toMatch(/they are of version 99.*newer/s);
    await direct.query(`DELETE FROM ${database}.versions`);
    expect(await saidBy(fetched())).toMatch(/--migrate/);
  });

  test("of a server that is not there, and an account that may not", async () => {
    expect(await saidBy(Store.open({ ...as("reader"), port: 1 }))).toMatch(
      /expected.*to log in.*ECONNREFUSED/s,
    );
    expect(await saidBy(Store.open({ ...as("reader"), password: "wrong" }))).toMatch(/Access denied/);
    await migrated();
    expect(await saidBy(put(await runIn("denied"), "reader"))).toMatch(/INSERT command denied/);
  });

  /** By somebody who knows how a run is named. */
  const renamed = "digest = UNHEX(SHA2(files, 256))";
  const changes: Record<string, [sql: string, said: RegExp]> = {
    "a piece that is another": [
      "UPDATE pieces a JOIN pieces b ON a.sha256 < b.sha256 SET a.body = b.body",
      /not what its name says|beyond|larger/,
    ],
    "a piece that is no gzip": ["UPDATE pieces SET body = 'x'", /unexpected end|header/],
    "a piece that is gone": ["DELETE FROM pieces", /a piece is missing/],
    "a list that is another": [
      `UPDATE runs SET files = REPLACE(files, '"bytes":14', '"bytes":16')`,
      /not the one that its id names/,
    ],
    "a file outside of the run": [
      `UPDATE runs SET files = REPLACE(files, 'history.jsonl', '../../history.jsonl'), ${renamed}`,
      /Invalid string/,
    ],
    "a list that is no list": [`UPDATE runs SET files = '{}', ${renamed}`, /expected array/],
    "a list without evidence": [`UPDATE runs SET files = '[]', ${renamed}`, /no evidence among/],
    "a file of another length": [
      `UPDATE runs SET files = REPLACE(files, '"bytes":14', '"bytes":16'), ${renamed}`,
      /expected 16/,
    ],
  };
  test.each(Object.entries(changes))("of %s", async (_, [sql, said]) => {
    await migrated();
    await put(await runIn("changed", "ed"));
    await direct.changeUser({ database });
    await direct.query(sql);
    const told = await saidBy(fetched());
    expect(told).toMatch(said);
    expect(told).toContain("somebody has changed the store");
  });
});

test("a writer can change nothing that is there", async () => {
  await migrated();
  await put(await runIn("kept"));
  const { tls: _, ...account } = as("writer");
  const writer = await createConnection(account);
  for (const sql of [
    "UPDATE runs SET run = 'x'",
    "DELETE FROM runs",
    "DELETE FROM pieces",
    "DROP TABLE runs",
    // Else nobody could read it: it would be of another version.
    "INSERT INTO versions (version) VALUES (99)",
  ])
    await expect(writer.query(sql)).rejects.toThrow("denied");
  await writer.end();
});

test("two who migrate at once both come to the end", async () => {
  await Promise.all([migrated(), migrated(), migrated()]);
  const copied = join(root, "copied");
  await cp(await runIn("migrated"), copied, { recursive: true });
  expect(await put(copied)).toBe(true);
});
