import { expect, test } from "vitest";
import { jobHistories, type PromisedJob } from "../history/job-history.ts";
import { patienceOf } from "./invariant.ts";
import { eventsOf, limits } from "./testing/history.ts";
import { web } from "./testing/scenarios.ts";

test("trouble is short where it outlasts no limit of any release that was live", () => {
  const patienceWith = (laterLimits?: (typeof limits)[]) => {
    const [run, ...more] = eventsOf({ scenario: web });
    const events = [{ ...run, ...(laterLimits && { laterLimits }) } as (typeof more)[number], ...more];
    return patienceOf(jobHistories(events)[0] as PromisedJob);
  };
  expect(patienceWith()).toBe(30_000);
  expect(
    patienceWith([
      { ...limits, deliveryMs: 100_000 },
      { ...limits, deliveryMs: 900_000 },
    ]),
  ).toBe(10_000);
});
