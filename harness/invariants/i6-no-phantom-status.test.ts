import { noPhantomStatus } from "./i6-no-phantom-status.ts";
import { calm, finish, grant, issue, kill, lost, show, unavailable } from "./testing/calls.ts";
import { judges } from "./testing/laws.ts";

const begun = [issue(100), grant(200, 1)];
const killed = { stored: "killed", table: [] } as const;
const phantom = ["the job shows killed, which no worker reported"];

judges(noPhantomStatus, [
  { name: "it never ended", story: { calls: begun, final: { stored: "running" } }, says: null },
  { name: "a worker reported it", story: { calls: calm }, says: [] },
  {
    name: "a worker reported it and never learned that it arrived",
    story: { calls: [...begun, finish(700, 1, "success", { ...lost, outcome: "unknown" })] },
    says: [],
  },
  { name: "a reaper's", story: { calls: begun, final: killed }, says: phantom },
  {
    name: "seen by the customer alone",
    story: { calls: [...calm, show(2_000, "killed")] },
    says: phantom,
  },
  {
    name: "killed while queued",
    story: { calls: [issue(100), kill(200, "queued")], final: killed },
    says: [],
  },
  {
    name: "declared killed while it ran",
    story: { calls: [...begun, kill(400, "running")], final: killed },
    says: phantom,
  },
  {
    name: "killed by a request whose answer was an error",
    story: { calls: [issue(100), kill(200, "queued", unavailable)], final: killed },
    says: [],
  },
  {
    name: "killed by a request that came twice",
    story: { calls: [issue(100), kill(200, "killed")], final: killed },
    says: [],
  },
]);
