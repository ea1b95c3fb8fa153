import { afterAll, describe, expect, test } from "vitest";
import { casesOf, fuzz } from "./drive.ts";
import { targets } from "./targets/index.ts";

/** No input of others makes Interlock crash, hang, fill the memory or say what nobody can read. */

const all = Object.entries(targets);
/** Some seconds, where the machine has nothing else to do. */
const busyMs = 10 * 60_000;

afterAll(async () => {
  for (const [, { close }] of all) await close?.();
});

describe.each(all)("%s", (name, target) => {
  test("what was found before", async () => {
    for (const { file, input } of casesOf(name)) {
      const finding = await Promise.resolve(input)
        .then(target.take)
        .catch((error: unknown) => String(error));
      expect({ file, finding }).toEqual({ file, finding: undefined });
    }
  });

  test(`${target.runs} inputs`, { timeout: busyMs }, () =>
    fuzz(name, target, { runs: target.runs, seed: 1 }),
  );
});

test("20,000 inputs are tried on every change", () => {
  expect(all.reduce((sum, [, { runs }]) => sum + runs, 0)).toBeGreaterThanOrEqual(20_000);
});
