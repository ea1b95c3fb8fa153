import { expect, test } from "vitest";
import type { Planned } from "../../../../schedule/schedule.ts";
import { hitBefore } from "./hit-before.ts";

const lost = (job: number | null): Planned => ({
  at: { link: "worker->api", operation: "worker.finish", phase: "before", occurrence: 1, job },
  fault: { kind: "lost" },
});
const faults = [lost(5), lost(1), lost(null), lost(3), lost(3)];

test.each([
  [1, []],
  [2, []],
  [3, [1]],
  [4, []],
  [5, [1, 3]],
  [6, []],
])("job %i comes after those before it that are hit, where it is hit itself: %j", (number, expected) => {
  expect(hitBefore({ faults }, number)).toEqual(expected);
});
