import { expect, test } from "vitest";
import {
  call,
  claim,
  finish,
  heartbeat,
  idle,
  issue,
  kill,
  look,
  order,
  own,
  problems,
  refusal,
  second,
} from "../testing/model-calls.ts";

/** A failure within the retry limit ends an attempt, and one beyond it the job. */

const issued = (limit: number) => issue(1_000, "1", { request: { ...order, retry_limit: limit } });
const begun = (limit = 1) => [issued(limit), claim(2_000), heartbeat(3_000)];
const failure = { status: "error", num_records: null, result_size: null, result_schema: null, message: "no" };
const failed = (at: number, attempt = 1, more = {}) => finish(at, { ...failure, attempt }, more);
const again = (at: number, change = {}) => claim(at, { attempt: 2, ...change });
const running = { status: "running", retry_limit: 1, updated_at: second(4), start_at: second(3) };
const over = (at: string) => ({
  ...running,
  status: "error",
  updated_at: at,
  end_at: at,
  duration: 2,
  debug: { cmdout: null, stderr: "no" },
});

test("the job goes on, is handed out at once, and ends with the last failure", () => {
  const retried = [...begun(), failed(4_000), look(4_500, running), again(4_600), failed(5_000, 2)];
  expect(problems([...retried, look(6_000, over(second(5)))])).toEqual([]);
});

test.each<[string, ReturnType<typeof begun>, string]>([
  [
    "ends too early",
    [...begun(), failed(4_000), look(4_500, over(second(4)))],
    'status: expected "running", got "error"',
  ],
  [
    "is tried once too often",
    [...begun(), failed(4_000), again(4_600), failed(5_000, 2), claim(6_000, { attempt: 3 })],
    "the job was handed out although it had ended: error",
  ],
  [
    "is not handed out",
    [...begun(), failed(4_000), idle(10_000), again(20_000)],
    "worker-v5-1 was told that there is no job although the lease of this one had run out",
  ],
  [
    "listens to the attempt that has failed",
    [...begun(), failed(4_000), heartbeat(5_000)],
    "it was taken although attempt 1 had failed",
  ],
  [
    "refuses the same failure",
    [...begun(), failed(4_000), failed(5_000, 1, refusal(409, "already_finished"))],
    "it was refused (already_finished) although the job was running in attempt 1",
  ],
  [
    "is tried again although it was to be killed",
    [...begun(), kill(3_500, "running"), failed(4_000), again(5_000, { kill_requested: true })],
    "the job was handed out although it had ended: error",
  ],
  [
    "forgets which number its next attempt has",
    [...begun(), failed(4_000), claim(5_000, { attempt: 1 })],
    "attempt: expected 2, got 1",
  ],
])("a service by which the job %s", (_, calls, problem) => {
  expect(problems(calls)).toEqual([problem]);
});

test("a failure may be heard without an answer, before the next attempt or after it", () => {
  const unheard = { status: null, reply: undefined };
  const lost = [...begun(), failed(4_000, 1, unheard), again(4_600)];
  expect(problems([...lost, failed(5_000, 1, refusal(409, "stale_attempt"))])).toEqual([]);
  const late = failed(9_000, 1, { sent: 4_000 });
  expect(problems([...begun(), again(4_600), late])).toEqual([]);
});

test("an attempt that has failed is refused whatever else it says", () => {
  const refused = refusal(409, "already_finished");
  const receipt = call(5_200, "worker.receipt", { ...own, rows: 1, checksum: "0" }, null, refused);
  expect(problems([...begun(), failed(4_000), heartbeat(5_000, refused), receipt])).toEqual([]);
});
