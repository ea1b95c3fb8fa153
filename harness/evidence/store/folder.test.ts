import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FolderStore, folderOf } from "./folder.ts";

let root: string;
let run: string;
let store: FolderStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "interlock-folder-store-"));
  run = join(root, "run");
  await mkdir(run);
  await writeFile(join(run, "evidence.intoto.jsonl"), "evidence\n");
  await writeFile(join(run, "history.jsonl"), "history\n");
  await writeFile(join(run, "notes.txt"), "none of the evidence\n");
  store = new FolderStore(join(root, "store"));
  await store.migrate();
});
afterEach(() => rm(root, { recursive: true }));

const fetched = () => store.fetch("", () => {});

test("a URL names a folder, and nothing else does", () => {
  expect(folderOf(pathToFileURL("/mnt/its own").href)).toBe("/mnt/its own");
  expect(["/mnt/evidence", "runs", "mysql://a@b/c"].map(folderOf)).toEqual([null, null, null]);
  expect(() => folderOf("file://host/evidence")).toThrow("expected a URL such as file:///mnt/evidence");
});

describe("a run that is put", () => {
  test("is there, each once, with its evidence alone", async () => {
    expect([await store.put(run), await store.put(run)]).toEqual([true, false]);
    const [folder = "", ...others] = await fetched();
    expect(others).toEqual([]);
    expect((await readdir(folder)).toSorted()).toEqual(["evidence.intoto.jsonl", "history.jsonl"]);
    expect(await readFile(join(folder, "history.jsonl"), "utf8")).toBe("history\n");
  });

  test("by many at once is there once, and nothing is left besides", async () => {
    const kept = await Promise.all(Array.from({ length: 8 }, () => store.put(run)));
    expect(kept.filter(Boolean)).toHaveLength(1);
    expect(await fetched()).toHaveLength(1);
    expect(await readdir(join(root, "store"))).toHaveLength(2);
  });

  test("and cut off on its way is not seen", async () => {
    await store.put(run);
    const [folder = ""] = await fetched();
    await mkdir(join(root, "store", `.${"0".repeat(64)}.cut`));
    expect(await fetched()).toEqual([folder]);
  });

  test.each(["history.jsonl", "another.jsonl"])("and changed in %s later is told", async (file) => {
    await store.put(run);
    const [folder = ""] = await fetched();
    await appendFile(join(folder, file), "more\n");
    await expect(fetched()).rejects.toThrow("as it was put there, but its files are others");
  });
});

describe("a folder that", () => {
  const others: Record<string, [spoil: (folder: string) => Promise<unknown>, said: string]> = {
    "is no store, as where its disk is not there": [
      (folder) => rm(join(folder, "interlock-store.json")),
      "it is none",
    ],
    "is not there": [(folder) => rm(folder, { recursive: true }), "it is none"],
    "another Interlock made": [
      (folder) => writeFile(join(folder, "interlock-store.json"), '{"version":9}'),
      "it is of version 9",
    ],
    "says nothing": [(folder) => writeFile(join(folder, "interlock-store.json"), "cut"), "JSON"],
  };
  test.each(Object.entries(others))("%s is refused", async (_, [spoil, said]) => {
    await spoil(join(root, "store"));
    await expect(store.mustFit()).rejects.toThrow(said);
  });

  test("is a store stays one, and says so", async () => {
    expect(await store.migrate()).toBe(1);
    await store.mustFit();
  });
});
