import { appendFile, cp, mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { action } from "../../harness/commands/store/store.ts";
import { FolderStore } from "../../harness/evidence/store/folder.ts";
import { costFile, evidenceFile, historyFile } from "../../harness/run-files.ts";
import { toldMatrix } from "../trust/told-matrix.ts";
import { keep } from "./evidence-on-disk.ts";
import { makeAnew } from "./made-anew.ts";

/** What `store --put` does not take: nothing that is there can be taken out of it again. All else it keeps. */

let root: string;
let whole: string;
let store: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "interlock-put-"));
  const told = await toldMatrix(({ scenario }) => scenario.name === "no-output");
  ({ folder: whole } = await keep(told, root));
});
beforeEach(async () => {
  store = await mkdtemp(join(root, "store-"));
  await new FolderStore(store).migrate();
});
afterAll(() => rm(root, { recursive: true }));

/** What it came to, and how many runs the store then has. */
async function putting(...put: string[]): Promise<{ said: string; kept: number }> {
  const said = await action([pathToFileURL(store).href], { put }).then(
    () => "nothing",
    ({ name, message }: Error) => `${name}: ${message}`,
  );
  return { said, kept: (await new FolderStore(store).fetch("", () => {})).length };
}

async function spoiled(name: string, spoil: (folder: string) => Promise<unknown>): Promise<string> {
  const folder = join(root, name);
  await cp(whole, folder, { recursive: true });
  await spoil(folder);
  return folder;
}

/** Evidence of a form that another Interlock writes. */
const inOtherForm = (folder: string) =>
  makeAnew(folder, (all) => all.map((one) => one.replace("urn:interlock:run:2", "urn:interlock:run:9")));

const ills: Record<string, [spoil: (folder: string) => Promise<unknown>, said: string]> = {
  "another history": [(folder) => appendFile(join(folder, historyFile), "\n"), "evidence is damaged"],
  "no history": [(folder) => rm(join(folder, historyFile)), "evidence is damaged"],
  "evidence that was cut": [(folder) => truncate(join(folder, evidenceFile), 100), "evidence is damaged"],
  "evidence of another form": [inOtherForm, "the evidence cannot be read"],
  "no evidence": [(folder) => rm(join(folder, evidenceFile)), "its run ended before it was attested"],
  "a cost that is none": [(folder) => writeFile(join(folder, costFile), "{}"), "evidence is damaged"],
  "a folder in its place": [
    (folder) => rm(folder, { recursive: true }).then(() => mkdir(folder)),
    "expected folders with evidence, there is none",
  ],
  "nothing in its place": [
    (folder) => rm(folder, { recursive: true }),
    "expected a folder with evidence: ENOENT",
  ],
  "a history behind a link": [
    async (folder) => {
      const file = join(folder, historyFile);
      await rename(file, join(root, "elsewhere.jsonl"));
      await symlink(join(root, "elsewhere.jsonl"), file);
    },
    "",
  ],
};
describe("a run is not kept, and the others are, that has", () => {
  test.each(Object.entries(ills))("%s", async (name, [spoil, said]) => {
    const folder = await spoiled(name.replaceAll(" ", "-"), spoil);
    const put = await putting(folder, whole);
    expect(put).toEqual({ said: expect.stringContaining("UsageError: --put: 1 of 2 not kept:"), kept: 1 });
    expect(put.said).toContain(folder);
    expect(put.said).toContain(said);
    expect(await putting(folder)).toMatchObject({
      said: expect.stringContaining("1 of 1 not kept"),
      kept: 1,
    });
  });
});

describe("of a folder of runs", () => {
  const within = (name: string) => join(root, "places", name);
  beforeAll(async () => {
    for (const name of ["good/a", "good/deep/b", "mixed/a", "mixed/bad"])
      await cp(whole, within(name), { recursive: true });
    await truncate(within("mixed/bad/evidence.intoto.jsonl"), 100);
    await symlink(within("nowhere"), within("mixed/dangling"));
  });

  test("each is kept", async () => {
    // Two that are one.
    expect(await putting(within("good"))).toEqual({ said: "nothing", kept: 1 });
  });

  test("each is kept but those that cannot be, each by its name", async () => {
    const { said, kept } = await putting(within("mixed"));
    expect(kept).toBe(1);
    expect(said).toContain("2 of 3 not kept");
    expect(said).toContain(`${within("mixed/bad")}: the evidence is damaged`);
    expect(said).toContain(`${within("mixed/dangling")}: expected a folder with evidence`);
  });
});

test("where nothing can be kept the store is not asked, and where something can it is", async () => {
  const url = "mysql://writer:x@127.0.0.1:1/evidence";
  const asked = (folder: string) => action([url], { put: [folder] }).catch(({ name }: Error) => name);
  expect(await asked(join(root, "nowhere"))).toBe("UsageError");
  expect(await asked(whole)).toBe("InfrastructureError");
});
