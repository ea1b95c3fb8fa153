import { describe, expect, test } from "vitest";
import { faultProblems, isApplicable } from "./applicable.ts";
import type { Fault, FaultKind, LinkName, Site } from "./schedule.ts";

/** Faults by kind: of every process, where a kind has processes. A later kind may have its own test instead. */
const faults: Partial<Record<FaultKind, Fault[]>> = {
  lost: [{ kind: "lost" }],
  late: [{ kind: "late", ms: 1 }],
  status: [{ kind: "status", status: 503 }],
  truncated: [{ kind: "truncated" }],
  duplicate: [{ kind: "duplicate" }],
  "half-open": [{ kind: "half-open", ms: 1 }],
  outage: [{ kind: "outage", ms: 1 }],
  kill: (["api", "worker", "database"] as const).map((process) => ({ kind: "kill", process, ms: null })),
  pause: (["api", "worker", "database"] as const).map((process) => ({ kind: "pause", process, ms: 1 })),
  version: (["api", "worker"] as const).map((process) => ({ kind: "version", process, release: "r", ms: 1 })),
  "kill-job": [{ kind: "kill-job" }],
};

const site = (link: LinkName, operation: string, more: Partial<Site> = {}): Site => ({
  link,
  operation,
  job: link === "api->database" ? null : 1,
  occurrence: 1,
  phase: "before",
  ...more,
});

const nameOf = (fault: Fault): string => ("process" in fault ? `${fault.kind} ${fault.process}` : fault.kind);
const call = ["lost", "late", "half-open", "outage", "kill-job"];
const http = [...call, "status"];
const apiAndWorker = ["api", "worker"].flatMap((of) => [`kill ${of}`, `pause ${of}`, `version ${of}`]);
const all = [...apiAndWorker, "kill database", "pause database"];

/** What means something on each link, in both phases and in one alone. */
const meant: Record<LinkName, { operation: string; both: string[]; before?: string[]; after?: string[] }> = {
  "customer->api": {
    operation: "job.show",
    both: [...http, ...apiAndWorker],
    before: ["duplicate"],
    after: ["truncated"],
  },
  "worker->api": {
    operation: "worker.finish",
    both: [...http, ...apiAndWorker],
    before: ["duplicate"],
    after: ["truncated"],
  },
  "api->database": { operation: "worker.finish", both: [...call, ...all] },
  "worker->warehouse": { operation: "insertInto", both: [...call, ...all] },
  "worker->destination": {
    operation: "deliver",
    both: [...http, ...apiAndWorker],
    before: ["duplicate"],
    after: ["truncated"],
  },
  "worker->disk": { operation: "put", both: ["kill worker", "pause worker", "version worker"] },
};

describe.each(Object.entries(meant))("on %s", (name, { operation, both, before = [], after = [] }) => {
  const link = name as LinkName;
  test.each([
    ["before", [...both, ...before]],
    ["after", [...both, ...after]],
  ] as const)("%s a call exactly these faults are allowed", (phase, expected) => {
    const at = site(link, operation, { phase });
    const candidates = Object.values(faults).flat();
    const allowed = candidates.filter((fault) => isApplicable(at, fault, 1)).map(nameOf);
    expect(allowed.toSorted()).toEqual(expected.toSorted());
    const refused = candidates.filter((fault) => faultProblems([{ at, fault }], 1).length > 0).map(nameOf);
    expect([...allowed, ...refused].toSorted()).toEqual(candidates.map(nameOf).toSorted());
  });
});

describe("a customer can kill a job", () => {
  const killJob = { kind: "kill-job" } as const;
  const issue = site("customer->api", "job.issue");
  const claim = site("worker->api", "worker.claim", { job: null });

  test.each<[string, Site, number, boolean]>([
    ["not before it was first issued", issue, 1, false],
    ["not behind it either, when its customer has no answer yet", { ...issue, phase: "after" }, 1, false],
    ["not before the API stores its first job", site("api->database", "job.issue"), 1, false],
    ["not before the first request for work", claim, 1, false],
    ["not behind the first request for work", { ...claim, phase: "after" }, 1, false],
    ["when it may have been issued before", { ...issue, occurrence: 2 }, 1, true],
    ["at any later request for work", { ...claim, occurrence: 2 }, 1, true],
    ["where a worker's first request may come at any time", { ...claim, by: "worker-v5-2" }, 1, true],
    ["when it is one of several and the site names it", site("worker->api", "worker.finish"), 2, true],
    ["not when the site names none of several", site("api->database", "worker.finish"), 2, false],
  ])("%s", (_, at, jobs, expected) => {
    expect(isApplicable(at, killJob, jobs)).toBe(expected);
  });
});

describe("the message names the site, the reason and what is allowed there", () => {
  test.each<[Site, Fault, number, string]>([
    [
      site("worker->api", "worker.finish", { phase: "after" }),
      { kind: "duplicate" },
      1,
      "faults[0]: duplicate after the 1st worker.finish of job 1 (worker->api): it means something only before a call; allowed here are lost, late, status, truncated, half-open, outage, kill of api or worker, pause of api or worker, version of api or worker, kill-job",
    ],
    [
      site("worker->disk", "put"),
      { kind: "kill", process: "api", ms: 1 },
      1,
      "faults[0]: kill before the 1st put of job 1 (worker->disk): the api can be hit only on customer->api, worker->api, api->database, worker->warehouse, worker->destination; allowed here are kill of worker, pause of worker, version of worker",
    ],
    [
      site("worker->warehouse", "select"),
      { kind: "status", status: 503 },
      1,
      "faults[0]: status before the 1st select of job 1 (worker->warehouse): it means something only on customer->api, worker->api, worker->destination; allowed here are lost, late,",
    ],
    [site("customer->api", "job.issue"), { kind: "kill-job" }, 1, "its customer does not know of a job yet"],
    [
      site("worker->api", "worker.finish", { job: 3 }),
      { kind: "lost" },
      2,
      "faults[0].at.job: the workload has no job 3, it has 2",
    ],
    [
      site("api->database", "worker.finish", { job: 1 }),
      { kind: "lost" },
      1,
      "faults[0].at.job: expected null, since a transaction does not say whose it is",
    ],
  ])("%j, %j", (at, fault, jobs, says) => {
    expect(faultProblems([{ at, fault }], jobs)).toEqual([expect.stringContaining(says)]);
  });
});
