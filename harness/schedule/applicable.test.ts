import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allKinds, faultOf } from "../testing/faults.ts";
import { recorded } from "../testing/recorded.ts";
import { faultProblems, isApplicable } from "./applicable.ts";
import { type Fault, type LinkName, links, type Site } from "./schedule.ts";

/** One fault of each kind, and of each process that the kind can hit. */
const faults = new Map(
  allKinds.flatMap((kind) =>
    fc.sample(faultOf(kind), { numRuns: 100, seed: 1 }).map((fault) => [nameOf(fault), fault] as const),
  ),
);

const site = (link: LinkName, operation: string, more: Partial<Site> = {}): Site => ({
  link,
  operation,
  job: link === "api->database" ? null : 1,
  occurrence: 1,
  phase: "before",
  ...more,
});

function nameOf(fault: Fault): string {
  return "process" in fault ? `${fault.kind} ${fault.process}` : fault.kind;
}

/** By fault and phase, the links on which it means something. A new kind of fault brings a file of its own. */
const meant = recorded<LinkName[]>(join(import.meta.dirname, "testing/applicable"));
const anyOperation: Record<LinkName, string> = {
  "customer->api": "job.show",
  "worker->api": "worker.finish",
  "api->database": "worker.finish",
  "worker->warehouse": "insertInto",
  "worker->destination": "deliver",
  "worker->disk": "put",
  "api->notices": "notify",
};

test("of every fault it is recorded where it means something", () => {
  expect(Object.keys(meant).toSorted()).toEqual([...faults.keys()].toSorted());
});

describe.each([...faults])("%s", (name, fault) => {
  test.each(["before", "after"] as const)("is allowed on exactly these links: %s a call", (phase) => {
    const at = (link: LinkName) => site(link, anyOperation[link], { phase });
    const allowed = links.filter((link) => isApplicable(at(link), fault, 1));
    expect(allowed).toEqual(meant[name]?.[phase]);
    const refused = links.filter((link) => faultProblems([{ at: at(link), fault }], 1).length > 0);
    expect([...allowed, ...refused].toSorted()).toEqual(links.toSorted());
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

describe("what MySQL says comes", () => {
  const at = (statement?: Site["statement"]) =>
    site("api->database", "worker.finish", statement === undefined ? {} : { statement });
  const readOnly = { kind: "read-only", errno: 1290 } as const;

  test.each<[string, Site, Fault, boolean]>([
    ["to a statement that writes", at(2), { kind: "deadlock" }, true],
    ["to COMMIT", at("commit"), readOnly, true],
    ["to a call as a whole where any statement may hear it", at(), { kind: "lock-wait" }, true],
    ["to no statement that may only read", at(), readOnly, false],
    ["to none of a call that finds no connection", at(1), { kind: "too-many-connections", ms: 1 }, false],
    ["of a table not to COMMIT, which writes nothing more", at("commit"), { kind: "table-full" }, false],
    ["from nobody else", at(1), { kind: "lost" }, false],
  ])("%s", (_, where, fault, expected) => {
    expect(isApplicable(where, fault, 1)).toBe(expected);
  });
});

describe("the message names the site, the reason and what is allowed there", () => {
  test.each<[Site, Fault, number, string]>([
    [
      site("worker->api", "worker.finish", { phase: "after" }),
      { kind: "duplicate" },
      1,
      "faults[0]: duplicate after the 1st worker.finish of job 1 (worker->api): it means something only before a call; allowed here are lost, late, status, truncated, half-open, outage, kill of api or worker, pause of api or worker, version of api or worker, stop of api or worker, surge of api or worker, clock of api or worker, setting, traffic, kill-job",
    ],
    [
      site("worker->disk", "put"),
      { kind: "kill", process: "api", ms: 1 },
      1,
      "faults[0]: kill before the 1st put of job 1 (worker->disk): the api can be hit only on customer->api, worker->api, api->database, worker->warehouse, worker->destination, api->notices; allowed here are kill of worker, pause of worker, version of worker",
    ],
    [
      site("worker->warehouse", "select"),
      { kind: "status", status: 503 },
      1,
      "faults[0]: status before the 1st select of job 1 (worker->warehouse): it means something only on customer->api, worker->api, worker->destination, api->notices; allowed here are lost, late,",
    ],
    [
      site("api->database", "worker.finish"),
      { kind: "status", status: 503 },
      1,
      "faults[0]: status before the 1st worker.finish (api->database): it means something only on customer->api, worker->api, worker->destination, api->notices; allowed here are lost, late, half-open, outage,",
    ],
    [
      site("api->database", "worker.finish", { statement: "commit" }),
      { kind: "lost" },
      1,
      "faults[0]: lost before the COMMIT of the 1st worker.finish (api->database): it means something only for a call as a whole, without a statement; allowed here are deadlock, lock-wait, read-only",
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
