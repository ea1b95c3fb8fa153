import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { anyFault, anySite } from "../testing/faults.ts";
import { isApplicable } from "./applicable.ts";
import { missingScenarios, parseJson, parseSchedule } from "./parse.ts";
import { type Schedule, scheduleFormat, scheduleSchema } from "./schedule.ts";

const schedule: Schedule = {
  format: scheduleFormat,
  workload: { jobs: [{ scenario: "insert-into", engine: "presto" }], workers: 2 },
  releases: { api: "current", workers: { v5: "current" } },
  seed: 1,
  faults: [
    {
      at: { link: "worker->api", operation: "worker.finish", job: 1, occurrence: 2, phase: "after" },
      fault: { kind: "late", ms: 100 },
    },
  ],
};
const [planned] = schedule.faults as [Schedule["faults"][number]];

test("docs/schedule.schema.json is the schema (vitest -u writes it anew)", async () => {
  const text = `${JSON.stringify(z.toJSONSchema(scheduleSchema), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot("../../docs/schedule.schema.json");
});

test("a schedule comes back as it was written", () => {
  expect(parseSchedule(JSON.stringify(schedule), "it.json")).toEqual(schedule);
});

test.each([3, "commit"])(
  "a site may name the process whose calls count, and the statement %s",
  (statement) => {
    const at = {
      link: "api->database",
      operation: "worker.finish",
      job: null,
      occurrence: 1,
      phase: "before",
      by: "api",
      statement,
    };
    const named = { ...schedule, faults: [{ at, fault: { kind: "deadlock" } }] };
    expect(parseSchedule(JSON.stringify(named), "it.json")).toEqual(named);
  },
);

test("any list of faults that mean something at their sites is valid, also one that can never fire", () => {
  const jobs = 3;
  const workload = { jobs: Array.from({ length: jobs }, () => schedule.workload.jobs[0]), workers: 1 };
  const allowed = fc
    .record({ at: anySite(jobs), fault: anyFault })
    .filter(({ at, fault }) => isApplicable(at, fault, jobs));
  fc.assert(
    fc.property(fc.array(allowed), (faults) => {
      const text = JSON.stringify({ ...schedule, workload, faults });
      expect(parseSchedule(text, "it.json").faults).toEqual(faults);
    }),
    { seed: 1 },
  );
});

describe("a schedule of format 1", () => {
  const inFormat1 = (statement: string, more: object = {}) =>
    JSON.stringify({
      ...schedule,
      format: 1,
      workload: { jobs: [{ statement, engine: "presto", ...more }], workers: 2 },
    });

  test.each([
    ["select", "web"],
    ["insert-into", "insert-into"],
    ["create-table", "create-table"],
  ])("names the statement %s, which is the scenario %s", (statement, scenario) => {
    const workload = { jobs: [{ scenario, engine: "presto" }], workers: 2 };
    expect(parseSchedule(inFormat1(statement), "it.json")).toEqual({ ...schedule, workload });
  });

  test.each([
    ["an unknown statement", inFormat1("endless"), "workload.jobs[0].statement: Invalid option"],
    [
      "what came later",
      inFormat1("select", { customer: "td" }),
      'workload.jobs[0]: Unrecognized key: "customer"',
    ],
    [
      "a fault where it means nothing",
      inFormat1("select").replace('"kind":"late","ms":100', '"kind":"duplicate"'),
      "faults[0]: duplicate after",
    ],
  ])("is refused for %s", (_, text, says) => {
    expect(() => parseSchedule(text, "it.json")).toThrow(says);
  });
});

describe("a text", () => {
  test("may begin with a byte order mark", () => {
    expect(parseSchedule(`\uFEFF${JSON.stringify(schedule)}`, "it.json")).toEqual(schedule);
  });

  test.each([
    ["longer than 16 MiB", " ".repeat(16 * 1024 * 1024 + 1), "expected at most 16777216 characters"],
    ["nested deeper than 100", "[1,".repeat(1_000_000), "nested at most 100 deep"],
    ["of objects nested deeper than 100", '{"a":'.repeat(101), "nested at most 100 deep"],
  ])("%s is refused before it is parsed", (_, text, says) => {
    expect(() => parseJson(text, "it.json")).toThrow(`it.json: expected`);
    expect(() => parseJson(text, "it.json")).toThrow(says);
    expect(() => parseJson(text, "it.json")).toThrow("\n  next: name a file that Interlock wrote");
  });

  test.each([
    ["cut", '{"format":2,"work', "take the whole file"],
    ["empty", "", "take the whole file"],
    ["a history", '{"seq":0,"at":0}\n{"seq":1,"at":0}\n', "a history is judged by `check`"],
    [
      "a history from Windows",
      '\uFEFF{"seq":0,"at":0}\r\n{"seq":1,"at":0}',
      "a history is judged by `check`",
    ],
    ["a history that is cut", '{"seq":0,"at":0}\n{"seq":1,"a', "a history is judged by `check`"],
  ])("that is %s is no JSON, and what to do is said", (_, text, next) => {
    expect(() => parseJson(text, "it.json")).toThrow(/^it\.json: is no JSON: .*\n {2}next: /);
    expect(() => parseJson(text, "it.json")).toThrow(next);
  });

  test("of one long string is read: what it holds is for the schema to say", () => {
    const long = "x".repeat(15_000_000);
    expect(parseJson(JSON.stringify(long), "it.json")).toBe(long);
  });

  test("with brackets in its strings, and deep to the limit, is read", () => {
    const text = `${"[".repeat(100)}"${"[{".repeat(200)}\\"[["${"]".repeat(100)}`;
    expect(parseJson(text, "it.json")).toEqual(JSON.parse(text));
  });
});

test("scenarios that the config lacks are named with their jobs, and those that there are", () => {
  const jobs = ["web", "mysql", "web"].map((scenario) => ({ scenario, engine: "presto" as const }));
  const workload = { jobs, workers: 1 };
  const known = { web: {}, other: {} } as never;
  expect(missingScenarios({ workload }, known)).toBe(
    "the config lacks scenarios of the schedule: job 2 needs the scenario mysql; there are web, other",
  );
  expect(missingScenarios({ workload: { jobs: jobs.slice(0, 1), workers: 1 } }, known)).toBeNull();
});

describe("what is no schedule is refused, and the key is named", () => {
  const inSite = (more: object) => ({
    ...schedule,
    faults: [planned, { ...planned, at: { ...planned.at, ...more } }],
  });
  const inFault = (fault: object) => ({ ...schedule, faults: [{ ...planned, fault }] });
  const inJob = (more: object) => ({
    ...schedule,
    workload: { jobs: [{ ...schedule.workload.jobs[0], ...more }], workers: 1 },
  });
  const wrong: [what: string, value: unknown, says: string][] = [
    [
      "a newer format, whatever else it has",
      { format: 3, shape: "new" },
      "format: 3 was made by a newer Interlock; this one reads format 2",
    ],
    ["a format that never was", { ...schedule, format: 0 }, "it.json:\n  format: Invalid input: expected 2"],
    ["no format", { ...schedule, format: undefined }, "format: Invalid input: expected 2"],
    ["a list", [schedule], "the whole: Invalid input: expected object, received array"],
    [
      "a seed that is no number",
      { ...schedule, seed: "x" },
      "seed: Invalid input: expected number, received string",
    ],
    ["a seed that is too large", { ...schedule, seed: 2 ** 32 }, "seed: Too big"],
    [
      "an unknown link",
      inSite({ link: "worker->moon" }),
      'faults[1].at.link: Invalid option: expected one of "customer->api"',
    ],
    [
      "an operation of another link",
      inSite({ operation: "job.issue" }),
      "faults[1].at.operation: job.issue is unknown on worker->api; known are worker.claim, ",
    ],
    ["an occurrence from 0", inSite({ occurrence: 0 }), "faults[1].at.occurrence: Too small"],
    ["an unknown phase", inSite({ phase: "while" }), "faults[1].at.phase"],
    ["an unknown kind of fault", inFault({ kind: "flood" }), "faults[0].fault.kind"],
    ["a fault without its duration", inFault({ kind: "late" }), "faults[0].fault.ms"],
    ["a negative duration", inFault({ kind: "late", ms: -1 }), "faults[0].fault.ms: Too small"],
    ["a status that is no fault", inFault({ kind: "status", status: 404 }), "faults[0].fault.status"],
    [
      "a duration of what has none",
      inFault({ kind: "lost", ms: 1 }),
      'faults[0].fault: Unrecognized key: "ms"',
    ],
    [
      "an unknown engine",
      { ...schedule, workload: { jobs: [{ scenario: "insert-into", engine: "pig" }], workers: 1 } },
      "workload.jobs[0].engine",
    ],
    [
      "a name that no scenario has",
      inJob({ scenario: "Insert into" }),
      "workload.jobs[0].scenario: expected a",
    ],
    ["a job of format 1", inJob({ statement: "select" }), 'workload.jobs[0]: Unrecognized key: "statement"'],
    ["a job that is not there", inSite({ job: 2 }), "faults[1].at.job: the workload has no job 2, it has 1"],
    [
      "a fault where it means nothing",
      inFault({ kind: "duplicate" }),
      "faults[0]: duplicate after the 2nd worker.finish of job 1 (worker->api): it means something only before",
    ],
    ["no jobs", { ...schedule, workload: { jobs: [], workers: 1 } }, "workload.jobs: Too small"],
    [
      "an unknown generation",
      { ...schedule, releases: { api: "a", workers: { v7: "b" } } },
      "releases.workers",
    ],
  ];
  test.each(wrong)("%s", (_, value, says) => {
    const parse = () => parseSchedule(JSON.stringify(value), "it.json");
    expect(parse).toThrow(expect.objectContaining({ name: "UsageError" }));
    expect(parse).toThrow(says);
    expect(parse).toThrow(/^it\.json:/);
  });

  test("what is no JSON, with the position", () => {
    expect(() => parseSchedule('{"format": 1', "it.json")).toThrow(
      /^it\.json: is no JSON: .*position 12.*\n {2}next: take the whole file/,
    );
  });

  test("many problems in one message of a few lines", () => {
    const faults = Array.from({ length: 30 }, () => ({ ...planned, at: { ...planned.at, operation: "x" } }));
    const parse = () => parseSchedule(JSON.stringify({ ...schedule, faults }), "it.json");
    expect(parse).toThrow(/^it\.json:(\n {2}faults\[[0-4]\]\.at\.operation: [^\n]*){5}\n {2}and 25 more$/);
  });
});
