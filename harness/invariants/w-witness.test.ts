import {
  calm,
  finish,
  grant,
  heartbeat,
  issue,
  kill,
  lost,
  receipt,
  refused,
  show,
} from "./testing/calls.ts";
import { trouble } from "./testing/history.ts";
import { judges } from "./testing/laws.ts";
import { badDestination, endless } from "./testing/scenarios.ts";
import { rightWorkers } from "./w-witness.ts";

const other = { by: "worker-v5-2" };
const v6 = { by: "worker-v6-1", generation: "v6" } as const;
const [start, end] = [issue(100), show(1_000, "success")];
const notTaken = "the job ended as success, and the API took no such report of any worker";

judges(rightWorkers, [
  {
    name: "a job that nobody took",
    story: { calls: [issue(100)], final: { stored: "queued" } },
    says: null,
  },
  {
    name: "a job that was refused",
    story: { scenario: badDestination, calls: [issue(100)] },
    says: null,
  },
  {
    name: "a job that its customer killed before anybody had it",
    story: { scenario: endless, calls: [start, kill(200, "queued")] },
    says: null,
  },
  { name: "one worker does it all", story: { calls: calm }, says: [] },
  {
    name: "another worker takes it over",
    story: {
      faults: trouble,
      calls: [start, grant(200, 1), grant(40_000, 2, other), finish(41_000, 2, "success", other), end],
    },
    says: [],
  },
  {
    name: "a stranger that is not heard",
    story: { calls: [...calm, finish(800, 1, "error", { ...v6, ...refused("stale_attempt") })] },
    says: [],
  },
  {
    name: "a report of which nobody knows whether it was taken",
    story: { calls: [start, grant(200, 1), finish(700, 1, "success", { ...lost, outcome: "unknown" }), end] },
    says: [],
  },
  {
    name: "a report that a fault may have hidden",
    story: {
      faults: trouble,
      calls: [start, grant(200, 1), finish(700, 1, "success", refused("already_finished")), end],
    },
    says: [],
  },
  {
    name: "a worker of another generation does it all",
    story: { calls: [start, grant(200, 1, v6), heartbeat(300, 1, v6), finish(700, 1, "success", v6), end] },
    says: [
      "worker-v6-1 of v6 was handed the job, which is for presto and so for v5",
      "worker-v6-1 of v6 was heard about the job, which is for presto and so for v5",
    ],
  },
  {
    name: "a worker of another generation finishes it",
    story: { calls: [start, grant(200, 1), finish(700, 1, "success", v6), end] },
    says: [
      "worker-v6-1 of v6 was heard about the job, which is for presto and so for v5",
      "worker.finish of attempt 1 was taken from worker-v6-1, it had been handed to worker-v5-1",
    ],
  },
  {
    name: "a second worker speaks for the first one's attempt",
    story: { calls: [start, grant(200, 1), receipt(300, 1, 2, other), finish(700, 1, "success"), end] },
    says: ["worker.receipt of attempt 1 was taken from worker-v5-2, it had been handed to worker-v5-1"],
  },
  {
    name: "an attempt that nobody was handed",
    story: { calls: [start, grant(200, 1), finish(700, 2, "success"), end] },
    says: ["worker.finish of attempt 2 was taken from worker-v5-1, it had been handed to nobody"],
  },
  {
    name: "it ends by itself",
    story: { calls: [start, end] },
    says: ["the job ended as success, and no worker was handed it", notTaken],
  },
  {
    name: "it ends otherwise than was reported",
    story: { calls: [start, grant(200, 1), finish(700, 1, "error"), end] },
    says: [notTaken],
  },
  {
    name: "the only report is refused",
    story: { calls: [start, grant(200, 1), finish(700, 1, "success", refused("already_finished")), end] },
    says: [notTaken],
  },
]);
