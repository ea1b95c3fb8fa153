import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { evidenceFile, historyFile } from "../run-files.ts";
import { type Evidence, evidenceFolders, headDamage } from "./read.ts";

test("evidence is found in a folder of any name, but not in what a run keeps in its own", async () => {
  const root = await mkdtemp(join(tmpdir(), "interlock-evidence-"));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const folder of ["logs/a", "history.bodies/b", "run/logs/c", "run/d"])
    await mkdir(join(root, folder), { recursive: true });
  for (const folder of ["logs/a", "history.bodies/b", "run/logs/c", "run/d"])
    await writeFile(join(root, folder, evidenceFile), "");
  await writeFile(join(root, "run", historyFile), "");
  expect(await evidenceFolders([root])).toEqual(
    ["history.bodies/b", "logs/a", "run/d"].map((folder) => join(root, folder)),
  );
  // Evidence at the top hides none below it.
  await writeFile(join(root, "run", evidenceFile), "");
  expect(await evidenceFolders([join(root, "run")])).toEqual([join(root, "run"), join(root, "run/d")]);
});

test("a history in whose place something else was written is damage in words", async () => {
  const folder = await mkdtemp(join(tmpdir(), "interlock-evidence-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const damageOf = async (text: string) => {
    await writeFile(join(folder, historyFile), text);
    return JSON.stringify(await headDamage({ folder, predicate: {} } as Evidence));
  };
  for (const text of ["{}", "[]", "7", '{"schedule":null}', '{"results":{"tool":{}}}'])
    expect(await damageOf(text)).toContain("its history does not begin with a run");
});
