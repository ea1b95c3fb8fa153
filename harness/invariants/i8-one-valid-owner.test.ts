import { oneValidOwner } from "./i8-one-valid-owner.ts";
import { calm, finish, grant, heartbeat, issue, lostReply, order, refused } from "./testing/calls.ts";
import { judges } from "./testing/laws.ts";

const begun = [issue(100), grant(200, 1)];
/** A heartbeat that is told a lease of its own. */
const extended = (at: number, leaseMs: number, sent = at - 10) =>
  heartbeat(at, 1, { sent, reply: { lease_ms: leaseMs, kill_requested: false } });

/** A job with a retry limit, of which the first attempt has failed. */
const retried = (retry_limit: number) => [
  issue(100, { request: { ...order, retry_limit } }),
  grant(200, 1),
  finish(700, 1, "error"),
];

judges(oneValidOwner, [
  { name: "nobody claimed it", story: { calls: [issue(100)] }, says: null },
  { name: "one attempt", story: { calls: calm }, says: [] },
  {
    name: "a takeover when the lease is over, and the late report is refused",
    story: {
      calls: [...begun, grant(30_300, 2), finish(30_900, 1, "success", refused("stale_attempt"))],
    },
    says: [],
  },
  {
    name: "a takeover before the lease is over",
    story: { calls: [...begun, grant(20_000, 2)] },
    says: ["attempt 1 held the lease until at 30.19 s, attempt 2 was handed out at 20.00 s"],
  },
  {
    name: "the next attempt after a failure within the retry limit",
    story: { calls: [...retried(1), grant(20_000, 2)] },
    says: [],
  },
  {
    name: "a takeover after a failure that was the last one",
    story: { calls: [...retried(0), grant(20_000, 2)] },
    says: ["attempt 1 held the lease until at 30.19 s, attempt 2 was handed out at 20.00 s"],
  },
  {
    name: "a takeover although a heartbeat extended the lease, unknown to the worker",
    story: { calls: [...begun, heartbeat(10_000, 1, lostReply), grant(35_000, 2)] },
    says: ["attempt 1 held the lease until at 39.99 s, attempt 2 was handed out at 35.00 s"],
  },
  {
    name: "a takeover while the heartbeat was on its way",
    story: { calls: [...begun, heartbeat(40_000, 1, { sent: 20_000 }), grant(35_000, 2)] },
    says: [],
  },
  {
    name: "a takeover before a lease is over that is longer than the usual one",
    story: { calls: [...begun, extended(10_000, 60_000), grant(45_000, 2)] },
    says: ["attempt 1 held the lease until at 69.99 s, attempt 2 was handed out at 45.00 s"],
  },
  {
    name: "a takeover when a lease is over that is shorter than the usual one",
    story: { calls: [...begun, extended(10_000, 15_000), grant(25_100, 2)] },
    says: [],
  },
  {
    name: "a takeover when the shorter of two leases is over that were extended at once",
    story: {
      calls: [...begun, extended(10_000, 15_000, 9_000), extended(9_900, 60_000, 9_500), grant(25_100, 2)],
    },
    says: [],
  },
  {
    name: "one attempt handed out twice",
    story: { calls: [...begun, grant(31_000, 1)] },
    says: ["attempt 1 was handed out twice"],
  },
  {
    name: "a report that was sent after the takeover is taken",
    story: { calls: [...begun, grant(31_000, 2), finish(32_000, 1, "success")] },
    says: ["worker.finish of attempt 1 was taken at 32.00 s, after a takeover"],
  },
  {
    name: "a report that may have arrived before the takeover",
    story: { calls: [...begun, grant(31_000, 2), finish(32_000, 1, "success", { sent: 30_900 })] },
    says: [],
  },
]);
