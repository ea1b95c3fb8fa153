import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { operationsOf } from "./operations.ts";
import { parseSchedule } from "./parse.ts";
import { links, type Schedule, scheduleFormat, scheduleSchema } from "./schedule.ts";

const schedule: Schedule = {
  format: scheduleFormat,
  workload: { jobs: [{ statement: "insert-into", engine: "presto" }], workers: 2 },
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

test("any list of faults at known sites is valid, also one that can never fire", () => {
  const site = fc.constantFrom(...links).chain((link) =>
    fc.record({
      link: fc.constant(link),
      operation: fc.constantFrom(...operationsOf[link]),
      job: fc.option(fc.integer({ min: 1, max: 1000 })),
      occurrence: fc.integer({ min: 1 }),
      phase: fc.constantFrom("before", "after"),
    }),
  );
  const fault = fc.oneof(
    fc.record({ kind: fc.constantFrom("lost", "truncated", "duplicate", "kill-job") }),
    fc.record({ kind: fc.constantFrom("late", "half-open", "outage"), ms: fc.nat(86_400_000) }),
    fc.record({
      kind: fc.constant("kill"),
      process: fc.constantFrom("api", "worker"),
      ms: fc.option(fc.nat(86_400_000)),
    }),
    fc.record({
      kind: fc.constant("version"),
      process: fc.constantFrom("api", "worker"),
      release: fc.string({ minLength: 1 }),
      ms: fc.nat(86_400_000),
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.record({ at: site, fault })), (faults) => {
      expect(parseSchedule(JSON.stringify({ ...schedule, faults }), "it.json").faults).toEqual(faults);
    }),
    { seed: 1 },
  );
});

describe("what is no schedule is refused, and the place is named", () => {
  const inSite = (more: object) => ({
    ...schedule,
    faults: [planned, { ...planned, at: { ...planned.at, ...more } }],
  });
  const inFault = (fault: object) => ({ ...schedule, faults: [{ ...planned, fault }] });
  const wrong: [what: string, value: unknown, says: string][] = [
    [
      "a newer format, whatever else it has",
      { format: 2, shape: "new" },
      "format: 2 was made by a newer Interlock",
    ],
    ["a format that never was", { ...schedule, format: 0 }, "it.json:\n  format: Invalid input: expected 1"],
    ["no format", { ...schedule, format: undefined }, "format: Invalid input: expected 1"],
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
      { ...schedule, workload: { jobs: [{ statement: "insert-into", engine: "pig" }], workers: 1 } },
      "workload.jobs[0].engine",
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
    expect(() => parseSchedule('{"format": 1', "it.json")).toThrow(/^it\.json: is no JSON: .*position 12/);
  });

  test("many problems in one message of a few lines", () => {
    const faults = Array.from({ length: 30 }, () => ({ ...planned, at: { ...planned.at, operation: "x" } }));
    const parse = () => parseSchedule(JSON.stringify({ ...schedule, faults }), "it.json");
    expect(parse).toThrow(/^it\.json:(\n {2}faults\[[0-4]\]\.at\.operation: [^\n]*){5}\n {2}and 25 more$/);
  });
});
