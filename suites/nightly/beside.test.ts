import { expect, test } from "vitest";
import { countBeside } from "./beside.ts";

/** A busy machine is no violation, and no excuse: most runs come to their verdict all the same. */

const runs = Number(process.env["INTERLOCK_RUNS"] ?? 20);
const others = 5;
/** The others may end without a verdict. */
const most = Math.ceil(runs * 0.75);

test(`of ${runs} runs beside ${others} other systems none is red, and ${most} are green`, async () => {
  const counted = await countBeside({ runs, others, argv: ["run"] });
  expect(counted).toMatchObject({ violation: 0, else: [] });
  expect(counted.pass).toBeGreaterThanOrEqual(most);
});

test(`of ${runs} runs of the build of 2015 beside ${others} other systems ${most} are red, and none is green`, async () => {
  const counted = await countBeside({ runs, others, argv: ["run", "--api", "2015-08-24"] });
  expect(counted).toMatchObject({ pass: 0, else: [] });
  expect(counted.violation).toBeGreaterThanOrEqual(most);
});
