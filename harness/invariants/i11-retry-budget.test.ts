import { retryBudget } from "./i11-retry-budget.ts";
import { calm, finish, grant, issue, lost, unavailable } from "./testing/calls.ts";
import { judges } from "./testing/laws.ts";

/** Reports that all fail, with these waits between them. */
const tries = (waits: readonly number[]) => {
  let at = 1_000;
  return waits.map((wait) => {
    at += wait + 10;
    return finish(at, 1, "success", lost);
  });
};
const irregular = Array.from({ length: 200 }, (_, i) => 30 + 40 * ((i * 7) % 3));
const doubled = Array.from({ length: 10 }, (_, i) => 200 * 2 ** i);

/** A worker that asks for a job with these waits, in vain but for the last time. */
const claimsAfter = (waits: readonly number[]) => {
  let at = 1_000;
  return waits.map((wait, i) => {
    at += wait + 10;
    return grant(at, 1, i === waits.length - 1 ? {} : { job: null, ...unavailable });
  });
};

judges(retryBudget, [
  {
    name: "claims in a flood",
    story: { calls: [issue(100), ...claimsAfter(irregular), finish(20_000, 1, "success")] },
    says: ["worker-v5-1 sent worker.claim 200 times until at 16.96 s, 32 are allowed"],
  },
  {
    name: "claims in step",
    story: { calls: [issue(100), ...claimsAfter(Array(12).fill(1_500)), finish(30_000, 1, "success")] },
    says: ["worker-v5-1 repeats worker.claim in step, without jitter: 8 waits that double or stay"],
  },
  { name: "no call was made twice", story: { calls: calm }, says: null },
  {
    name: "a few tries at once",
    story: { calls: tries(Array.from({ length: 25 }, (_, i) => 30 + 7 * (i % 3))) },
    says: [],
  },
  {
    name: "tries for an hour, jittered",
    story: { calls: tries(Array.from({ length: 200 }, (_, i) => 9_000 + 9_000 * ((i * 7) % 3))) },
    says: [],
  },
  {
    name: "a flood",
    story: { calls: tries(irregular) },
    says: ["worker-v5-1 sent worker.finish 200 times until at 16.96 s, 32 are allowed"],
  },
  {
    name: "waits that double exactly",
    story: { calls: tries(doubled) },
    says: ["worker-v5-1 repeats worker.finish in step, without jitter: 8 waits that double or stay"],
  },
  {
    name: "waits that double up to a cap",
    story: { calls: tries([200, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000, 5_000]) },
    says: ["worker-v5-1 repeats worker.finish in step, without jitter: 8 waits that double or stay"],
  },
  {
    name: "waits that double, and the last of them ends in success",
    story: { calls: [...tries(doubled.slice(0, 8)), finish(103_290, 1, "success")] },
    says: ["worker-v5-1 repeats worker.finish in step, without jitter: 8 waits that double or stay"],
  },
  {
    name: "too few waits that double before the outage is over",
    story: { calls: [...tries(doubled.slice(0, 7)), finish(52_080, 1, "success")] },
    says: [],
  },
  {
    name: "waits that double by and large",
    story: { calls: tries(doubled.map((wait, i) => wait * (i % 2 === 0 ? 0.6 : 0.95))) },
    says: [],
  },
]);
