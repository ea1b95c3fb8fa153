import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { describe, expect, onTestFinished, test } from "vitest";
import { evidenceFile, historyFile } from "../run-files.ts";
import { sha256 } from "../secrets.ts";
import { type Evidence, evidenceFolders, unattestedIn, unjudgedDamage } from "./read.ts";

async function folderFor(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "interlock-evidence-"));
  onTestFinished(() => rm(root, { recursive: true }));
  return root;
}

test("evidence is found in a folder of any name, also in what a run keeps in its own", async () => {
  const root = await folderFor();
  const folders = ["history.bodies/b", "logs/a", "run/d", "run/logs/c"];
  for (const folder of folders) {
    await mkdir(join(root, folder), { recursive: true });
    await writeFile(join(root, folder, evidenceFile), "");
  }
  await writeFile(join(root, "run", historyFile), "");
  expect(await evidenceFolders([root])).toEqual(folders.map((folder) => join(root, folder)));
  // Evidence at the top hides none below it.
  await writeFile(join(root, "run", evidenceFile), "");
  expect(await evidenceFolders([join(root, "run")])).toEqual(
    ["run", "run/d", "run/logs/c"].map((folder) => join(root, folder)),
  );
});

describe("what cannot be looked into is refused", () => {
  test.each<[string, (root: string) => Promise<unknown>, RegExp]>([
    ["a link that leads nowhere", (root) => symlink("gone", join(root, "link")), /link: expected a folder/],
    [
      "a name that is no UTF-8",
      (root) => mkdir(Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([0xff])])),
      /expected names in UTF-8/,
    ],
    [
      "a folder that lies deeper than anybody looks",
      (root) => mkdir(join(root, "1/2/3/4/5/6"), { recursive: true }),
      /6: lies more than 5 folders below/,
    ],
  ])("%s", async (_, make, said) => {
    const root = await folderFor();
    await make(root);
    await expect(evidenceFolders([root])).rejects.toThrow(said);
  });

  test("but links in a circle are looked into once", async () => {
    const root = await folderFor();
    for (let i = 0; i < 30; i++) await symlink(".", join(root, `link-${i}`));
    await writeFile(join(root, evidenceFile), "");
    expect(await evidenceFolders([root])).toEqual([root]);
  });
});

describe("a run that ended before it was attested", () => {
  const build = { component: "api", release: "next", digest: "a".repeat(64), image: null };
  const head = JSON.stringify({
    seq: 0,
    kind: "run",
    version: 2,
    rig: "containers",
    matrix: { cells: 1, engines: [] },
    builds: [build],
  });
  const found = async (history: string) => {
    const folder = await folderFor();
    await writeFile(join(folder, historyFile), history);
    const runs = await unattestedIn([folder]);
    expect(runs.every((run) => run.folder === folder)).toBe(true);
    return runs.map((run) => ("builds" in run ? { builds: run.builds } : { damage: run.damage }));
  };

  test.each([
    ["of which the first line alone is there", `${head}\n`],
    ["without the end of that line", head],
    ["with a byte order mark", `\uFEFF${head}\n{"kind"`],
  ])("is found: %s", async (_, history) => {
    expect(await found(history)).toEqual([{ builds: [build] }]);
  });

  test("is not one on another rig", async () => {
    expect(await found(`${head.replace("containers", "simulated")}\n`)).toEqual([]);
  });

  test.each([
    ["cut in its first line", head.slice(0, 60), "the last line is cut"],
    ["empty", "", "the line is blank"],
    ["without its builds", `${head.replace(/"builds":.*/, '"builds":[null]}')}\n`, "expected object"],
    [
      "with a large value that is not there",
      `${head.replace(/"builds":.*/, `"builds":{"$body":"${"b".repeat(64)}","bytes":9}}`)}\n`,
      "the file is missing",
    ],
  ])("may be one that cannot be read: %s", async (_, history, said) => {
    expect(await found(history)).toEqual([{ damage: expect.stringContaining(said) }]);
  });

  test("is found among more than a process may open files", async () => {
    const root = await folderFor();
    for (let i = 0; i < 50; i++) {
      await mkdir(join(root, `${i}`));
      await writeFile(join(root, `${i}`, historyFile), `${head}\n`);
    }
    const script = `import(${JSON.stringify(resolve("harness/evidence/read.ts"))}).then(async ({ unattestedIn }) => console.log((await unattestedIn([${JSON.stringify(root)}])).filter((one) => "builds" in one).length))`;
    const { stdout } = await execa("bash", [
      "-c",
      'ulimit -n 48; exec "$0" -e "$1"',
      process.execPath,
      script,
    ]);
    expect(stdout).toBe("50");
  });

  test("may be one where a pipe stands in the place of its history", async () => {
    const folder = await folderFor();
    await execa("mkfifo", [join(folder, historyFile)]);
    expect(await unattestedIn([folder])).toEqual([
      { folder, damage: expect.stringContaining("it is a pipe, no file") },
    ]);
  });
});

describe("evidence that nobody wants to be judged", () => {
  const damageOf = async (text: string, attested = text) => {
    const folder = await folderFor();
    await writeFile(join(folder, historyFile), text);
    const predicate = { history: sha256(attested) };
    return JSON.stringify(await unjudgedDamage({ folder, predicate } as Evidence));
  };

  test("is damaged where something else stands in the place of its history", async () => {
    for (const text of [
      '{"kind":"run"}',
      '{"kind":"run","schedule":null}',
      '{"kind":"run","results":{"tool":{}}}',
    ])
      expect(await damageOf(text)).toContain("its history does not begin with a run");
  });

  test("is damaged where its history was cut or changed behind the first line", async () => {
    expect(await damageOf('{"kind":"run"}\n', '{"kind":"run"}\n{"kind":"end"}\n')).toContain(
      "another than the one that was attested",
    );
  });
});
