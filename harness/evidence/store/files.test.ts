import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sha256 } from "../../secrets.ts";
import { cutRun, joinRun, listOf, listText, onceBrought, packed, type StoredFiles } from "./files.ts";

/** Runs of a store in folders of this machine, without the store. */

const digest = sha256("a large value");
const bodies = `history.bodies/${digest}.json`;
const content: Readonly<Record<string, string>> = {
  "evidence.intoto.jsonl": "evidence",
  "history.jsonl": `{"kind":"run","scenarios":{"$body":"${digest}","bytes":13}}\n`,
  [bodies]: "a large value",
};

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "interlock-store-"));
});
afterEach(() => rm(root, { recursive: true }));

async function made(): Promise<{ files: StoredFiles; pieces: Map<string, Buffer> }> {
  const folder = join(root, "made");
  await mkdir(join(folder, "history.bodies"), { recursive: true });
  for (const [name, text] of Object.entries(content)) await writeFile(join(folder, name), text);
  const pieces = new Map<string, Buffer>();
  const files = await cutRun(folder, async (name, piece) => {
    pieces.set(name, await packed(piece));
  });
  return { files, pieces };
}

/** Each file as it was put, and nothing else. */
async function expectWhole(copy: string): Promise<void> {
  const names = await readdir(copy, { recursive: true });
  expect(names.toSorted()).toEqual([...Object.keys(content), "history.bodies"].toSorted());
  for (const [name, text] of Object.entries(content))
    expect(await readFile(join(copy, name), "utf8")).toBe(text);
}

describe("a copy of a run", () => {
  const copies: Record<string, [touch: (copy: string) => Promise<unknown>, times: number]> = {
    "that nobody has touched is not brought again": [async () => {}, 1],
    "without its evidence is brought again": [(copy) => rm(join(copy, "evidence.intoto.jsonl")), 2],
    "without its history is brought again": [(copy) => rm(join(copy, "history.jsonl")), 2],
    "with another large value is brought again": [
      (copy) => writeFile(join(copy, bodies), "A large value"),
      2,
    ],
    "with an attested cost that it never had is brought again": [
      (copy) => writeFile(join(copy, "cost.intoto.jsonl"), "{}"),
      2,
    ],
    "of which a file is a folder is brought again": [
      async (copy) => {
        await rm(join(copy, "history.jsonl"));
        await mkdir(join(copy, "history.jsonl"));
      },
      2,
    ],
    "with a folder more is brought again": [
      async (copy) => {
        await mkdir(join(copy, "of another run"));
        await writeFile(join(copy, "of another run", "evidence.intoto.jsonl"), "evidence");
      },
      2,
    ],
    "with a file more is brought again": [(copy) => writeFile(join(copy, "result.json"), "{}"), 2],
    "that is a link to elsewhere is brought again": [
      async (copy) => {
        await rename(copy, `${copy}-elsewhere`);
        await symlink(`${copy}-elsewhere`, copy);
        await writeFile(join(copy, "result.json"), "{}");
      },
      2,
    ],
    "in whose place a file lies is brought again": [
      async (copy) => {
        await rm(copy, { recursive: true });
        await writeFile(copy, "");
      },
      2,
    ],
  };
  test.each(Object.entries(copies))("%s", async (_, [touch, times]) => {
    const { files, pieces } = await made();
    const copy = join(root, "copy");
    let brought = 0;
    const bring = () =>
      onceBrought(copy, sha256(listText(files)), async () => {
        brought += 1;
        await joinRun(copy, files, async (name) => pieces.get(name) as Buffer);
      });
    await bring();
    await touch(copy);
    await bring();
    expect(brought).toBe(times);
    await expectWhole(copy);
  });

  test("that two mend at once is whole as soon as either is done", async () => {
    const { files, pieces } = await made();
    const copy = join(root, "copy");
    const pieceOf = async (name: string) => pieces.get(name) as Buffer;
    await joinRun(copy, files, pieceOf);
    await writeFile(join(copy, "history.jsonl"), "another");
    await mkdir(join(copy, "stray"));
    let isOtherDone = false;
    await joinRun(copy, files, async (name) => {
      if (!isOtherDone) {
        isOtherDone = true;
        await onceBrought(copy, sha256(listText(files)), () => joinRun(copy, files, pieceOf));
        await expectWhole(copy);
      }
      return pieceOf(name);
    });
    await expectWhole(copy);
  });
});

describe("a list of files", () => {
  test("is read as it was kept", async () => {
    const { files } = await made();
    expect(listOf(listText(files), sha256(listText(files)))).toEqual(files);
  });

  test("is not believed under the id of another", async () => {
    const { files } = await made();
    const fewer = listText(files.filter(({ name }) => name !== bodies));
    expect(() => listOf(fewer, sha256(listText(files)))).toThrow("not the one that its id names");
  });

  test("without evidence is none of a run", async () => {
    const { files } = await made();
    const rest = listText(files.filter(({ name }) => !name.includes("intoto")));
    expect(() => listOf(rest, sha256(rest))).toThrow("no evidence among its files");
  });
});

describe("what is put of a folder", () => {
  const namesOf = async (folder: string) => (await cutRun(folder, async () => {})).map(({ name }) => name);

  test("is what its history names, and no other large value that lies there", async () => {
    await made();
    const folder = join(root, "made");
    await writeFile(join(folder, "history.bodies", `${"a".repeat(64)}.json`), "somebody's");
    expect(await namesOf(folder)).toEqual(["evidence.intoto.jsonl", bodies, "history.jsonl"]);
  });

  test.each([bodies, "history.jsonl", "evidence.intoto.jsonl"])(
    "is no file behind a link: %s",
    async (name) => {
      await made();
      const folder = join(root, "made");
      await rename(join(folder, name), join(root, "secret"));
      await symlink(join(root, "secret"), join(folder, name));
      await expect(namesOf(folder)).rejects.toThrow(/ELOOP/);
    },
  );

  test("is no pipe", async () => {
    await made();
    const folder = join(root, "made");
    await rm(join(folder, bodies));
    await execa("mkfifo", [join(folder, bodies)]);
    await expect(namesOf(folder)).rejects.toThrow("expected a file of a run's own");
  });
});
