import { calm, grant, issue, lost, refused, show } from "../testing/calls.ts";
import { trouble } from "../testing/history.ts";
import { judges } from "../testing/laws.ts";
import { badDestination } from "../testing/scenarios.ts";
import { eventuallyTerminal, progressInDegradedCore } from "./l1-eventually-terminal.ts";

const begun = [issue(100), grant(200, 1), show(90_000, "running")];
const running = { stored: "running", table: [] } as const;
const says = ["the customer last read running, the database holds running"];
const full = refused("unavailable", 503);
const never = { final: { job: null, stored: null }, faults: trouble } as const;
const oneWorker = ["worker-v5-1"];

judges(eventuallyTerminal, [
  { name: "the job was refused", story: { scenario: badDestination }, says: null },
  { name: "the job was never accepted", story: { final: { job: null, stored: null } }, says: null },
  { name: "a worker is gone for ever", story: { calls: begun, final: running, gone: oneWorker }, says: null },
  {
    name: "its order is refused for the time being, long after all trouble",
    story: { ...never, calls: [issue(600, full), issue(620_000, full)], end: 630_000 },
    says: [
      "the order was answered 503 at 619.99 s, when the trouble had been over for as long as a job may wait",
    ],
  },
  {
    name: "its order is refused not so long after trouble",
    story: { ...never, calls: [issue(600, full), issue(610_000, full)], end: 630_000 },
    says: null,
  },
  {
    name: "its order is refused for good",
    story: { ...never, calls: [issue(620_000, refused("invalid_input", 422))], end: 630_000 },
    says: null,
  },
  {
    name: "its order is never answered",
    story: { ...never, calls: [issue(620_000, lost)], end: 630_000 },
    says: null,
  },
  {
    name: "its order is refused while a process is gone",
    story: { ...never, calls: [issue(620_000, full)], end: 630_000, gone: ["api"] },
    says: null,
  },
  { name: "it ended", story: { calls: calm }, says: [] },
  { name: "it runs for ever", story: { calls: begun, final: running }, says },
  {
    name: "it waits for ever",
    story: { calls: [issue(100), show(200, "queued")], final: { ...running, stored: "queued" } },
    says: ["the customer last read queued, the database holds queued"],
  },
  {
    name: "its end did not last",
    story: { calls: [...calm, show(2_000, "running")], final: running },
    says,
  },
  {
    name: "nobody could read it",
    story: { calls: [issue(100)], final: running },
    says: ["the customer last read nothing, the database holds running"],
  },
  {
    name: "its customer never learned the end",
    story: { calls: begun },
    says: ["the customer last read running, the database holds success"],
  },
]);

judges(progressInDegradedCore, [
  { name: "nobody is gone", story: { calls: begun, final: running }, says: null },
  {
    name: "all workers are gone",
    story: { calls: begun, final: running, gone: [...oneWorker, "worker-v5-2"] },
    says: null,
  },
  { name: "the API is gone", story: { calls: begun, final: running, gone: ["api"] }, says: null },
  { name: "the other worker brought it to its end", story: { calls: calm, gone: oneWorker }, says: [] },
  { name: "the other worker leaves it", story: { calls: begun, final: running, gone: oneWorker }, says },
]);
