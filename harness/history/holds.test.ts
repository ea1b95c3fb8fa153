import { describe, expect, test } from "vitest";
import { finish, grant, issue, show, type Told } from "../invariants/testing/calls.ts";
import { eventsOf } from "../invariants/testing/history.ts";
import { judgeCells } from "../matrix/result.ts";
import type { HistoryEvent } from "./event.ts";
import { jobStory } from "./story.ts";

/** Stories of two jobs that share a worker: the second waits for the first. */

const second = (call: Told): Told => {
  const { job_id: _, ...request } = call.request as { job_id?: string };
  const reply = call.reply as { job_id?: string; job?: unknown };
  const named = typeof reply.job === "object" ? { job: { ...reply.job, job_id: "2" } } : { job_id: "2" };
  return { ...call, job: "2", request: { ...request, job_id: "2" }, reply: { ...reply, ...named } };
};

function twoJobs(calls: readonly Told[], final: "success" | "queued"): HistoryEvent[] {
  return eventsOf({ calls }).flatMap((event): HistoryEvent[] => {
    if (event.kind === "final")
      return [
        { ...event, stored: "running" },
        { ...event, number: 2, job: calls.some(({ job }) => job === "2") ? "2" : null, stored: final },
      ];
    if (event.kind !== "run") return [event];
    const { workload } = event.schedule;
    const jobs = [...workload.jobs, ...workload.jobs];
    return [{ ...event, schedule: { ...event.schedule, workload: { ...workload, jobs } } }];
  });
}

const first = [issue(100), grant(2_000, 1), show(3_000, "running")];
const blocked = "meanwhile worker-v5-1 held job 1 (insert-into on presto) from 2.00 s until the end";

describe("the story of a job that has no end", () => {
  test("says who kept its worker busy, and with what", () => {
    const events = twoJobs([...first, second(issue(200)), second(show(9_000, "queued"))], "queued");
    expect(jobStory(events, 2)).toContain(`   found: handed to nobody; ${blocked}`);
    expect(jobStory(events, 1)).toContain("   found: handed to worker-v5-1 at 2.00 s");
  });

  test("names nobody once the worker has let go of the other job and taken this one", () => {
    const calls = [
      ...first,
      finish(4_000, 1, "success"),
      second(issue(4_100)),
      second(grant(5_000, 1)),
      second(show(9_000, "running")),
    ];
    expect(jobStory(twoJobs(calls, "queued"), 2)).toContain("   found: handed to worker-v5-1 at 5.00 s");
  });

  test("names who had the worker for a part of the time", () => {
    const calls = [...first, second(issue(200)), finish(4_000, 1, "success"), second(grant(5_000, 1))];
    expect(jobStory(twoJobs(calls, "queued"), 2)).toContain(
      "   found: handed to worker-v5-1 at 5.00 s; meanwhile worker-v5-1 held job 1 (insert-into on presto) from 2.00 s until 4.00 s",
    );
  });
});

test("the story of a job that ended names who had it, and no others", () => {
  const calls = [
    ...first,
    second(issue(200)),
    finish(4_000, 1, "success"),
    second(grant(5_000, 1)),
    second(finish(6_000, 1, "success")),
    second(show(9_000, "success")),
  ];
  expect(jobStory(twoJobs(calls, "success"), 2)).toContain(
    "   found: handed to worker-v5-1 at 5.00 s, finished by worker-v5-1 at 6.00 s",
  );
});

test("a cell whose job was never issued says who kept the worker busy", () => {
  const paths = [{ path: "current/v5-presto/a" }, { path: "current/v5-presto/b" }];
  const { cells } = judgeCells(paths, twoJobs(first, "queued"));
  expect(cells[1]).toMatchObject({ verdict: "missing", reason: expect.stringContaining(blocked) });
});
