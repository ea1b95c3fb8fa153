import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadSettings } from "../config/load-config.ts";
import type { CostResult } from "../cost/run-cost.ts";
import { costDigest, readCosts, writeCost } from "./cost.ts";
import { type Envelope, envelopesIn, seal, sealedText, statementIn } from "./dsse.ts";

const { config } = await loadSettings("interlock.config.ts");
const { publicKey, privateKey } = generateKeyPairSync("ed25519");

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "interlock-cost-"));
});
afterEach(() => rm(folder, { recursive: true }));

const releasesOf = (api: string) => ({ api, workers: { v5: "current", v6: "current" } });

function sideOf(api: string, value: number): CostResult["candidate"] {
  return {
    releases: releasesOf(api),
    folder,
    builds: [{ component: "api", release: api, digest: "1".repeat(64), image: null }],
    images: { mysql: `sha256:${"3".repeat(64)}` },
    settings: { sql_mode: "STRICT_TRANS_TABLES" },
    figures: {
      figures: [{ of: "job.list", measure: "statements", value, parts: [{ text: "SELECT ?", value }] }],
      uncounted: { files: "not here" },
    },
    machine: null,
  };
}

async function written(key: typeof privateKey | null = null): Promise<string> {
  const result: CostResult = {
    load: { finished: 1_000, queued: 20, jobs: 30, burst: 5 },
    starved: null,
    deployed: sideOf("current", 2),
    candidate: sideOf("2026-05", 3),
    compared: [],
    uncompared: {},
    unmatched: [],
  };
  await writeCost(result, { at: 1_000, harness: "2".repeat(64), config, key });
  return join(folder, "cost.intoto.jsonl");
}

test("a comparison is read as it was written", async () => {
  await written();
  const { costs, damaged } = await readCosts([folder], []);
  expect(damaged).toEqual([]);
  expect(costs).toMatchObject([
    {
      at: 1_000,
      load: { finished: 1_000, jobs: 30 },
      harness: "2".repeat(64),
      deployed: { releases: releasesOf("current"), figures: sideOf("current", 2).figures },
      candidate: { figures: sideOf("2026-05", 3).figures, config: costDigest(config, releasesOf("2026-05")) },
      signer: null,
    },
  ]);
});

test("it is signed by who has signed it, and by nobody else", async () => {
  await written(privateKey);
  const other = generateKeyPairSync("ed25519").publicKey;
  const signers = async (key: typeof publicKey) =>
    (await readCosts([folder], [key])).costs.map(({ signer }) => signer !== null);
  expect(await signers(publicKey)).toEqual([true]);
  expect(await signers(other)).toEqual([false]);
});

describe("damage is told", () => {
  test("of a file that was cut, emptied or is something else", async () => {
    const file = await written();
    for (const spoil of [() => truncate(file, 200), () => truncate(file, 0), () => writeFile(file, "{}")]) {
      await spoil();
      const { costs, damaged } = await readCosts([folder], []);
      expect(costs).toEqual([]);
      expect(damaged.map((one) => one.folder)).toEqual([folder]);
    }
  });

  test("of another form, by its number and what this Interlock reads", async () => {
    const file = await written();
    const [envelope] = envelopesIn(await readFile(file, "utf8"));
    const text = JSON.stringify(statementIn(envelope as Envelope));
    for (const [form, age] of [
      ["1", "older"],
      ["3", "newer"],
    ] as const) {
      const other = text.replace("urn:interlock:cost:2", `urn:interlock:cost:${form}`);
      await writeFile(file, sealedText([seal(other, null)]));
      const { costs, damaged } = await readCosts([folder], []);
      expect([costs, damaged]).toEqual([
        [],
        [
          {
            folder,
            damage: expect.stringMatching(`cost ${form} is of .* ${age} Interlock.* reads 2`),
            otherForm: age,
          },
        ],
      ]);
    }
  });

  test.each([
    ["signed", privateKey],
    ["unsigned", null],
  ])("of a file that is %s wherever a byte was changed, also for who has no keys", async (_, key) => {
    const file = await written(key);
    const whole = await readFile(file);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (place, change) => {
        const spoilt = Buffer.from(whole);
        spoilt[place] = (spoilt[place] as number) ^ change;
        await writeFile(file, spoilt);
        const { costs, damaged } = await readCosts([folder], []);
        expect([costs.length, damaged.length]).toEqual([0, 1]);
      }),
      { numRuns: 100 },
    );
  });
});

test("the digest of how it is counted changes with what counts and what is put in", () => {
  const changed = [
    { ...config.cost, budgets: {}, mysqlCommand: [] },
    { ...config.cost, budgets: {}, finished: () => [] },
  ].map((cost) => costDigest({ ...config, cost } as typeof config, releasesOf("current")));
  expect(new Set([costDigest(config, releasesOf("current")), ...changed]).size).toBe(3);
});
