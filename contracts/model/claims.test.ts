import { expect, test } from "vitest";
import { asks, call, claim, issue, order, problems, refusal } from "../testing/model-calls.ts";
import type { Fields, ModelCall } from "./call.ts";

/** A claim that was told to come again later has taken no job, but may have kept one from others meanwhile. */

const busy = (sent: number, returned: number, request: Fields = {}, by = "worker-v5-2"): ModelCall => ({
  ...claim(returned, {}, { by, ...refusal(503, "unavailable") }),
  request: { ...asks, worker: by, ...request },
  sent,
});
const idle = (at: number): ModelCall => call(at, "worker.claim", asks, { job: null });
/** The job of priority 0 comes first. */
const other = issue(600, "2", { request: { ...order, domain_key: "other", priority: -1 } });
const handedOther = claim(2_000, { job_id: "2" });
const toldNone = ["worker-v5-1 was told that there is no job although this one was queued"];

test.each<[string, ModelCall[], string[]]>([
  ["while it was under way nobody else need be handed it", [busy(1_900, 2_100), idle(2_000)], []],
  ["that began later and ended later", [busy(1_995, 2_100), idle(2_000)], []],
  ["that ended in the middle of the other", [busy(1_900, 1_995), idle(2_000)], []],
  ["a job of lower priority may be handed out", [other, busy(1_900, 2_100), handedOther], []],
  ["once it is answered the job is there", [busy(1_900, 1_980), idle(2_000)], toldNone],
  ["and before it was sent", [idle(2_000), busy(2_010, 2_100)], toldNone],
  [
    "a job that it did not ask for stays",
    [busy(1_900, 2_100, { engines: ["hive-cdh4"] }), idle(2_000)],
    toldNone,
  ],
  [
    "its own worker's next claim comes after it",
    [busy(1_900, 1_990, {}, "worker-v5-1"), idle(2_000)],
    toldNone,
  ],
  [
    "one that was refused at the door kept nothing",
    [
      {
        ...busy(1_900, 2_100),
        ...refusal(409, "unsupported_protocol"),
        request: { ...asks, worker: "worker-v5-2", protocol: 3 },
      },
      idle(2_000),
    ],
    toldNone,
  ],
])("%s", (_, calls, found) => {
  expect(problems([issue(500), ...calls])).toEqual(found);
});
