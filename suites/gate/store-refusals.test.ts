import { appendFile, cp, mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { action } from "../../harness/commands/store/store.ts";
import { costFile, evidenceFile, historyFile } from "../../harness/run-files.ts";
import { toldMatrix } from "../trust/told-matrix.ts";
import { keep } from "./evidence-on-disk.ts";
import { makeAnew } from "./made-anew.ts";

/** What `store --put` refuses before it asks the store: nothing that is there can be taken out of it again. */

let root: string;
let whole: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "interlock-put-"));
  ({ folder: whole } = await keep(await toldMatrix(({ scenario }) => scenario.name === "no-output"), root));
});
afterAll(() => rm(root, { recursive: true }));

/** Nobody answers there: who gets so far was not refused. */
const url = "mysql://writer:x@127.0.0.1:1/evidence";
const saidOf = (...put: string[]): Promise<string> =>
  action([url], { put }).then(
    () => "nothing",
    ({ name, message }: Error) => `${name}: ${message}`,
  );

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
  "no evidence": [(folder) => rm(join(folder, evidenceFile)), "expected a folder with evidence"],
  "a cost that is none": [(folder) => writeFile(join(folder, costFile), "{}"), "evidence is damaged"],
  "a folder in its place": [
    (folder) => rm(folder, { recursive: true }).then(() => mkdir(folder)),
    "expected a folder with evidence",
  ],
};
test.each(Object.entries(ills))("a run with %s, though a whole one is named before it", async (name, ill) => {
  const [spoil, said] = ill;
  const folder = await spoiled(name.replaceAll(" ", "-"), spoil);
  const told = await saidOf(whole, folder);
  expect(told).toContain("UsageError");
  expect(told).toContain(`${folder}: `);
  expect(told).toContain(said);
});

test("but no whole one", async () => {
  expect(await saidOf(whole)).toMatch(/^InfrastructureError: .*the store evidence/s);
});
