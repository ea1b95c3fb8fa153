import { expect, test } from "vitest";
import type { HistoryEvent } from "../history/event.ts";
import { refusalProblems } from "./refusal.ts";

const refusal = (text: string, reason = "unsupported_protocol") => ({
  error: text,
  text,
  severity: "error",
  details: { reason },
});
const claim = (status: number | null, reply: unknown) =>
  ({ kind: "exchange", operation: "worker.claim", by: "worker-v5-1", status, reply }) as HistoryEvent;
const final = (stored: string | null) => ({ kind: "final", number: 1, stored }) as HistoryEvent;
const good = claim(409, refusal("worker-v5-1 speaks protocol 1 and this API 2"));

test.each<[string, HistoryEvent[], string[]]>([
  ["each claim refused, the job still queued", [good, good, final("queued")], []],
  ["a claim that nobody answered among them", [claim(null, undefined), good, final("queued")], []],
  ["nobody asked", [final("queued")], ["no worker asked for work, so nothing was refused"]],
  [
    "a job was handed out",
    [claim(200, { job: { job_id: "1" } }), final("booting")],
    [
      "a claim of worker-v5-1 was answered 200 (without a reason)",
      "job 1 is booting although nobody may work on it",
    ],
  ],
  [
    "told that there is no work",
    [claim(200, { job: null }), final("queued")],
    ["a claim of worker-v5-1 was answered 200 (without a reason)"],
  ],
  [
    "refused for another reason",
    [claim(403, refusal("worker-v5-1 may not", "forbidden")), final("queued")],
    ["a claim of worker-v5-1 was answered 403 (forbidden)"],
  ],
  [
    "in words that do not say whom",
    [claim(409, refusal("no")), final("queued")],
    ["the refusal does not name worker-v5-1: no"],
  ],
  [
    "ended as success in silence",
    [good, final("success")],
    ["job 1 is success although nobody may work on it"],
  ],
])("%s", (_, events, problems) => {
  expect(refusalProblems(events)).toEqual(problems);
});
