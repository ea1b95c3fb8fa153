import { errorsAreClassified } from "./i12-errors-are-classified.ts";
import {
  calm,
  finish,
  grant,
  heartbeat,
  issue,
  kill,
  lost,
  lostReply,
  receipt,
  refused,
  saysRefused,
  unavailable,
} from "./testing/calls.ts";
import { trouble } from "./testing/history.ts";
import { judges } from "./testing/laws.ts";
import { destinationRefuses, queryFails, web } from "./testing/scenarios.ts";

const nothing = { rows: [], deliveries: 0 };
const begun = [issue(100), grant(200, 1)];
const stale = refused("stale_attempt");
const failed = { stored: "error", table: [] } as const;

judges(errorsAreClassified, [
  { name: "nothing went wrong", story: { calls: calm }, says: null },
  { name: "trouble, and the job ended well", story: { calls: calm, faults: trouble }, says: [] },
  {
    name: "tried again until it was acknowledged",
    story: {
      calls: [
        ...begun,
        finish(700, 1, "success", lost),
        finish(900, 1, "success", unavailable),
        finish(1_100, 1, "success"),
      ],
      faults: trouble,
    },
    says: [],
  },
  {
    name: "tried again after a refusal",
    story: {
      calls: [...begun, finish(700, 1, "success", stale), finish(900, 1, "success", stale)],
      faults: trouble,
    },
    says: ["worker.finish was answered 409 at 0.70 s and sent again at 0.89 s"],
  },
  {
    name: "a receipt that was given up",
    story: {
      calls: [...begun, receipt(600, 1, 2, unavailable), receipt(900, 1, 2, lost), finish(1_100, 1, "error")],
      faults: [{ at: 500, fault: { kind: "outage", ms: 3_600_000 } }],
      final: failed,
    },
    says: [
      "the receipt of attempt 1 was given up after 2 tries without an answer, and the job reported as an error",
    ],
  },
  {
    name: "a receipt that was refused",
    story: {
      calls: [
        ...begun,
        receipt(600, 1, 2, unavailable),
        receipt(900, 1, 2, refused("invalid_input")),
        finish(1_100, 1, "error"),
      ],
      faults: trouble,
      final: failed,
    },
    says: [],
  },
  {
    name: "another report after a refusal",
    story: {
      calls: [...begun, finish(700, 1, "success", refused("invalid_input")), finish(900, 1, "error")],
      faults: trouble,
      final: failed,
    },
    says: [],
  },
  {
    name: "an error since a receipt was left out",
    story: {
      calls: [...begun, finish(700, 1, "success", refused("output_undelivered")), finish(900, 1, "error")],
      faults: trouble,
      final: failed,
    },
    says: ["the job ended as error although the trouble was over after 10.0 s"],
  },
  {
    name: "an end reported by who has lost the job",
    story: {
      calls: [...begun, receipt(700, 1, 2, stale), finish(900, 1, "error", stale)],
      faults: trouble,
    },
    says: [
      "worker-v5-1 was told at 0.70 s that attempt 1 has lost the job, and reported error of it at 0.89 s",
    ],
  },
  {
    name: "an end reported by who was told by a heartbeat that it has lost the job",
    story: {
      calls: [...begun, heartbeat(700, 1, stale), finish(10_800, 1, "success", stale)],
      faults: trouble,
    },
    says: [
      "worker-v5-1 was told at 0.70 s that attempt 1 has lost the job, and reported success of it at 10.79 s",
    ],
  },
  {
    name: "an end that was on its way when a heartbeat was refused",
    story: {
      calls: [...begun, heartbeat(700, 1, stale), finish(900, 1, "success", stale)],
      faults: trouble,
    },
    says: [],
  },
  {
    name: "an end that was reported before, and whose answer was lost",
    story: {
      calls: [
        ...begun,
        finish(700, 1, "success", lostReply),
        heartbeat(800, 1, refused("already_finished")),
        finish(900, 1, "success"),
      ],
      faults: trouble,
    },
    says: [],
  },
  {
    name: "an end reported after a refused receipt",
    story: {
      calls: [...begun, receipt(700, 1, 2, refused("invalid_input")), finish(900, 1, "error")],
      faults: trouble,
      final: failed,
    },
    says: [],
  },
  {
    name: "given up after a lost answer",
    story: { calls: [...begun, finish(700, 1, "success", lostReply)], faults: trouble },
    says: ["the report of attempt 1 was given up after 1 tries without an answer"],
  },
  {
    name: "kept on the disk of a worker that is stopped",
    story: { calls: [...begun, finish(700, 1, "success", lost)], faults: trouble, final: { unsent: 1 } },
    says: [],
  },
  {
    name: "kept on the disk of a worker that never comes back",
    story: { calls: [...begun, finish(700, 1, "success", lost)], faults: trouble, gone: ["worker-v5-1"] },
    says: [],
  },
  {
    name: "an error by trouble that passed",
    story: { calls: [...begun, finish(700, 1, "error")], faults: trouble, final: failed },
    says: ["the job ended as error although the trouble was over after 10.0 s"],
  },
  {
    name: "an error by trouble that passed, though an earlier attempt was told that it had lost the job",
    story: {
      calls: [...begun, grant(40_000, 2), finish(40_500, 1, "success", stale), finish(41_000, 2, "error")],
      faults: trouble,
      final: failed,
    },
    says: ["the job ended as error although the trouble was over after 10.0 s"],
  },
  {
    name: "an error though its customer wished it killed",
    story: {
      calls: [...begun, kill(400, "running"), finish(700, 1, "error")],
      faults: trouble,
      final: failed,
    },
    says: ["the job ended as error although the trouble was over after 10.0 s"],
  },
  {
    name: "an error that its scenario promises",
    story: { scenario: queryFails, calls: [...begun, finish(700, 1, "error")], faults: trouble },
    says: [],
  },
  {
    name: "a delivery that was refused by a destination that takes what it is sent",
    story: { scenario: web, calls: [...begun, finish(700, 1, "success", saysRefused)], faults: trouble },
    says: ["the job ended as success and delivered nothing although the trouble was over after 10.0 s"],
  },
  {
    name: "a delivery that was refused by a destination that refuses all",
    story: {
      scenario: destinationRefuses,
      calls: [...begun, finish(700, 1, "success", saysRefused)],
      faults: trouble,
    },
    says: [],
  },
  {
    name: "killed as its customer wished",
    story: {
      calls: [...begun, kill(400, "running"), finish(700, 1, "killed")],
      faults: trouble,
      final: { ...failed, stored: "killed" },
    },
    says: [],
  },
  {
    name: "an error by trouble that outlasted every limit",
    story: {
      calls: [...begun, finish(700_000, 1, "error")],
      faults: [{ at: 500, fault: { kind: "outage", ms: 620_000 } }],
      final: failed,
      end: 800_000,
    },
    says: [],
  },
  {
    name: "a delivery that was given up before its limit",
    story: {
      scenario: web,
      calls: [...begun, finish(700, 1, "error")],
      faults: trouble,
      final: { stored: "error", destination: nothing },
    },
    says: ["the job ended as error although the trouble was over after 10.0 s"],
  },
  {
    name: "a delivery that was tried for as long as declared, which is less than for other steps",
    story: {
      scenario: web,
      calls: [...begun, finish(130_000, 1, "error")],
      faults: [{ at: 500, fault: { kind: "outage", ms: 150_000 } }],
      final: { stored: "error", destination: nothing },
      end: 300_000,
    },
    says: [],
  },
]);
