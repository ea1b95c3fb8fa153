import { afterAll, test } from "vitest";
import { fuzz } from "../fuzz/drive.ts";
import { targets } from "../fuzz/targets/index.ts";

/** The inputs of a change, and twenty times as many: each night others. */

const all = Object.entries(targets);
const times = Number(process.env["INTERLOCK_FUZZ_TIMES"] ?? 20);
const seed = Number(process.env["INTERLOCK_FUZZ_SEED"] ?? Math.floor(Date.now() / 86_400_000));

afterAll(async () => {
  for (const [, { close }] of all) await close?.();
});

test.each(all)("%s", (name, target) => fuzz(name, target, { runs: target.runs * times, seed }));
