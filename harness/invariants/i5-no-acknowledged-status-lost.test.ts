import { noAcknowledgedStatusLost } from "./i5-no-acknowledged-status-lost.ts";
import {
  calm,
  finish,
  grant,
  issue,
  lost,
  lostReply,
  order,
  refused,
  show,
  unavailable,
} from "./testing/calls.ts";
import { judges } from "./testing/laws.ts";

const begun = [issue(100), grant(200, 1)];

/** A job with a retry limit, of which the first attempt has failed. */
const retried = (retry_limit: number) => [
  issue(100, { request: { ...order, retry_limit } }),
  grant(200, 1),
  finish(700, 1, "error"),
];

judges(noAcknowledgedStatusLost, [
  {
    name: "a failure that another attempt has followed",
    story: {
      calls: [
        ...retried(1),
        grant(800, 2),
        finish(900, 1, "error", refused("stale_attempt")),
        finish(1_000, 2, "success"),
      ],
      final: { stored: "success" },
    },
    says: [],
  },
  {
    name: "a failure that was the last one",
    story: { calls: [...retried(0), show(1_000, "running")], final: { stored: "error" } },
    says: ["error was acknowledged at 0.70 s, the customer read running at 0.99 s"],
  },
  {
    name: "no report was acknowledged",
    story: { calls: [...begun, finish(700, 1, "success", lost)] },
    says: null,
  },
  { name: "nothing was reported", story: { calls: begun }, says: null },
  { name: "the end stays", story: { calls: calm }, says: [] },
  {
    name: "a look that began before the acknowledgement",
    story: { calls: [...begun, finish(700, 1, "success"), show(900, "running", { sent: 690 })] },
    says: [],
  },
  {
    name: "the customer reads another status afterwards",
    story: { calls: [...calm, show(2_000, "running")] },
    says: ["success was acknowledged at 0.70 s, the customer read running at 1.99 s"],
  },
  {
    name: "the database had the end before its worker knew",
    story: { calls: calm, held: [{ at: 695, phase: "after", stored: "success" }] },
    says: [],
  },
  {
    name: "the database had the end later than its worker knew",
    story: { calls: calm, held: [{ at: 695, phase: "after", stored: "running" }] },
    says: ["success was acknowledged at 0.70 s, the database then held running"],
  },
  {
    name: "what was seen at another report",
    story: { calls: calm, held: [{ at: 600, phase: "after", stored: "running" }] },
    says: [],
  },
  {
    name: "the database holds another end",
    story: { calls: calm, final: { stored: "killed" } },
    says: ["success was acknowledged at 0.70 s, the database holds killed"],
  },
  {
    name: "the acknowledgement was lost on its way",
    story: { calls: [...begun, finish(700, 1, "success", lostReply)], final: { stored: "error" } },
    says: ["success was acknowledged at 0.70 s, the database holds error"],
  },
  {
    name: "the same report is acknowledged again, after trouble",
    story: {
      calls: [
        ...begun,
        finish(700, 1, "success", lostReply),
        finish(900, 1, "success", unavailable),
        finish(1_100, 1, "success"),
      ],
    },
    says: [],
  },
  {
    name: "the same report is refused",
    story: {
      calls: [
        ...begun,
        finish(700, 1, "success", lostReply),
        finish(900, 1, "success", refused("already_finished")),
      ],
    },
    says: ["success was acknowledged at 0.70 s, the same report was refused at 0.90 s"],
  },
  {
    name: "the report of another attempt is refused",
    story: {
      calls: [...begun, finish(700, 2, "success"), finish(900, 1, "success", refused("stale_attempt"))],
    },
    says: [],
  },
]);
