import { eventuallyTerminal, progressInDegradedCore } from "./l1-eventually-terminal.ts";
import { calm, claim, issue, show } from "./testing/history.ts";
import { judges } from "./testing/laws.ts";

const begun = [issue(100), claim(200, 1), show(90_000, "running")];
const running = { stored: "running", rows: [] } as const;
const says = ["the job is running when everything has long been well again"];
const oneWorker = ["worker-v5-1"];

judges(eventuallyTerminal, [
  { name: "the job was never accepted", story: { final: { job: null, stored: null } }, says: null },
  { name: "a worker is gone for ever", story: { calls: begun, final: running, gone: oneWorker }, says: null },
  { name: "it ended", story: { calls: calm }, says: [] },
  { name: "it runs for ever", story: { calls: begun, final: running }, says },
  {
    name: "its customer never learned the end",
    story: { calls: begun },
    says: ["the job is success when everything has long been well again"],
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
