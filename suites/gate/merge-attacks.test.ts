import { cp, mkdir, mkdtemp, readdir, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { harnessDigest } from "../../harness/evidence/inputs.ts";
import { cutShort, gatherAll } from "../../harness/gate/gather.ts";
import { merge } from "../../harness/gate/merge.ts";
import { evidenceFile, historyFile } from "../../harness/run-files.ts";
import { exitOf } from "../../harness/verdict.ts";
import { withRun } from "../trust/told-matrix.ts";
import { configFile, fewTold, type KeptShards, keepShards } from "./ci/kept-shards.ts";
import { keep } from "./evidence-on-disk.ts";
import { makeAnew } from "./made-anew.ts";

/** What somebody may lay before `merge` in the place of a matrix, as folders: none of it is green. */

let root: string;
let kept: KeptShards;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "interlock-merge-attacks-"));
  await mkdir(join(root, "kept"));
  kept = await keepShards(join(root, "kept"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** The two shards as `first` and `second` in a folder of their own. */
async function laid(): Promise<string> {
  const place = await mkdtemp(join(root, "place-"));
  await cp(kept.first.folder, join(place, "first"), { recursive: true });
  await cp(kept.second.folder, join(place, "second"), { recursive: true });
  return place;
}

async function merged(place: string): Promise<{ exit: number; said: string }> {
  const { proofs, damaged } = await gatherAll([place], { keys: [], note: () => {} });
  const { verdict, reasons } = merge(proofs, [...damaged, ...(await cutShort([place]))]);
  return { exit: exitOf[verdict], said: reasons.join("\n") };
}

type Attack = (place: string) => Promise<unknown>;

/** Each payload of its evidence with a text for another. */
const saying =
  (of: string, was: string | RegExp, is: string): Attack =>
  (place) =>
    makeAnew(join(place, of), (all) => all.map((one) => one.replaceAll(was, is)));

const second = { shard: { index: 2, of: 2 }, config: configFile };

/** The same words as in another checkout, of which a path in it names the root. */
async function configIn(checkout: string): Promise<string> {
  const file = join(checkout, "interlock.config.ts");
  await mkdir(checkout, { recursive: true });
  await writeFile(
    file,
    `import few from ${JSON.stringify(resolve(configFile))};
export default (context) => {
  const config = few(context);
  const env = (given) => ({ ...config.mysql.env?.(given), ROOT: import.meta.dirname });
  return { ...config, mysql: { ...config.mysql, env } };
};
`,
  );
  return file;
}

/** Those that the issue lists, by its names, then ten more. */
const attacks: Record<string, [said: RegExp, attack: Attack]> = {
  missing: [/^shard 2\/2 is missing: /m, (place) => rm(join(place, "second"), { recursive: true })],
  duplicate: [
    /^shard 2\/2, attempt 1, is there 2 times: /m,
    (place) => keep(kept.told.second, place, second),
  ],
  "stale attempt": [
    /again: the evidence is damaged/,
    async (place) => {
      const again = join(place, "again");
      await cp(kept.again.folder, again, { recursive: true });
      await truncate(join(again, evidenceFile), 100);
    },
  ],
  "other commit": [
    /is of other builds than/,
    async (place) => {
      await rm(join(place, "second"), { recursive: true });
      const { events, ...told } = kept.told.second;
      const builds = [{ component: "api", release: "current", digest: "another commit", image: null }];
      await keep({ ...told, events: withRun(events, { builds }) }, place, second);
    },
  ],
  "other root": [
    /is of another config, .* lead to another checkout, than/,
    async (place) => {
      for (const [i, name] of ["first", "second"].entries()) {
        await rm(join(place, name), { recursive: true });
        const config = await configIn(join(root, `checkout-${name}`));
        const told = i === 0 ? kept.told.first : kept.told.second;
        await keep(told, place, { shard: { index: i + 1, of: 2 }, config });
      }
    },
  ],
  "other version": [
    /is of another Interlock than/,
    async (place) => saying("second", await harnessDigest(), "0".repeat(64))(place),
  ],
  empty: [/second: the evidence is damaged/, (place) => writeFile(join(place, "second", evidenceFile), "")],
  truncated: [
    /second: the evidence is damaged/,
    (place) => truncate(join(place, "second", historyFile), 9_000),
  ],
  "zero cells": [
    /^shard 2\/2 is missing|has no cell|there is no/m,
    async (place) => {
      await rm(join(place, "second"), { recursive: true });
      const none = await fewTold(() => false, ["lives"]);
      await keep(none, place, second);
    },
  ],
  extra: [
    /is shard 1\/1, and /,
    async (place) => {
      await keep(await fewTold(), place, { config: configFile });
    },
  ],

  "two that have changed their evidence": [
    /the evidence is damaged/,
    async (place) => {
      const [a, b] = ["first", "second"].map((name) => join(place, name, evidenceFile)) as [string, string];
      await rename(a, join(place, "aside"));
      await rename(b, a);
      await rename(join(place, "aside"), b);
    },
  ],
  "one twice, under the other's number": [
    /is in 2 shards/,
    async (place) => {
      await rm(join(place, "second"), { recursive: true });
      await cp(kept.first.folder, join(place, "second"), { recursive: true });
      await saying("second", '"index":1', '"index":2')(place);
    },
  ],
  "one of a form of tomorrow": [
    /the evidence cannot be read/,
    saying("second", "urn:interlock:run:2", "urn:interlock:run:3"),
  ],
  "one that was killed besides": [
    /ended before it was attested/,
    async (place) => {
      await cp(kept.again.folder, join(place, "again"), { recursive: true });
      await rm(join(place, "again", evidenceFile));
    },
  ],
  "one whose evidence is a folder": [
    /the evidence is damaged/,
    async (place) => {
      await rm(join(place, "second", evidenceFile));
      await mkdir(join(place, "second", evidenceFile));
    },
  ],
  "one of NUL bytes": [
    /the evidence is damaged/,
    (place) => writeFile(join(place, "second", evidenceFile), Buffer.alloc(4096)),
  ],
  "one whose history is behind a link to the other's": [
    /the evidence is damaged/,
    async (place) => {
      await rm(join(place, "second", historyFile));
      await symlink("../first/history.jsonl", join(place, "second", historyFile));
    },
  ],
  "one of no containers": [
    /it ran on the rig simulated|another run, time or builds/,
    saying("second", '"rig":"containers"', '"rig":"simulated"'),
  ],
  "one that says another time": [/another run, time or builds/, saying("second", /"at":\d+/g, '"at":4711')],
  "one with an older history": [
    /the evidence cannot be read/,
    saying("second", '"historyVersion":2', '"historyVersion":1'),
  ],
};

test("both shards as they are, are green", async () => {
  expect(await merged(await laid())).toEqual({ exit: 0, said: "" });
});

describe("is 2 or 3", () => {
  test.each(Object.entries(attacks))("%s", async (_, [said, attack]) => {
    const place = await laid();
    await attack(place);
    const found = await merged(place);
    expect(found.said).toMatch(said);
    expect([2, 3]).toContain(found.exit);
  });
});

test("shards of equal checkouts in other folders are one matrix: each machine has its own", async () => {
  const place = await laid();
  await rm(join(place, "second"), { recursive: true });
  const elsewhere = join(root, "elsewhere");
  await mkdir(elsewhere);
  const config = join(elsewhere, "interlock.config.ts");
  await writeFile(config, `export { default } from ${JSON.stringify(resolve(configFile))};\n`);
  await keep(kept.told.second, place, { ...second, config });
  expect(await readdir(place)).toHaveLength(2);
  expect(await merged(place)).toEqual({ exit: 0, said: "" });
});
