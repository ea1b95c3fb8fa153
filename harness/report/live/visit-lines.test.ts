import { expect, test } from "vitest";
import { finish, grant, heartbeat, idle, issue, show, type Told } from "../../invariants/testing/calls.ts";
import { eventsOf } from "../../invariants/testing/history.ts";
import { visitLines } from "./visit-lines.ts";

const linesOf = (calls: readonly Told[]): string[] => {
  const lineOf = visitLines();
  return eventsOf({ calls }).flatMap((event) =>
    [lineOf(event, false), lineOf(event, true)].filter((line) => line !== null),
  );
};

test("each call is told when it is over, the same one only once in a row", () => {
  const calls = [
    issue(100),
    idle(150),
    grant(200, 1),
    heartbeat(300, 1),
    show(400, "running"),
    show(500, "running"),
  ];
  expect(linesOf([...calls, finish(600, 1, "success"), show(700, "success")])).toEqual([
    "customer  job.issue without output (job 1)",
    expect.stringMatching(/^worker-v5-1 {2}worker\.claim attempt 1, .* \(job 1\)$/),
    "customer  job.show (job 1) reads running",
    "worker-v5-1  worker.finish attempt 1 says success (job 1)",
    "customer  job.show (job 1) reads success",
  ]);
});
