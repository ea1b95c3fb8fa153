import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HistoryEvent } from "../history/event.ts";
import { calm, idle, show } from "../invariants/testing/calls.ts";
import { eventsOf } from "../invariants/testing/history.ts";
import { coverage } from "../testing/result.ts";
import { type Verdict, verdicts } from "../verdict.ts";
import { type CellResult, judgeCells, summarise } from "./result.ts";

const cell = (verdict: Verdict): CellResult => ({
  path: `current/v5-presto/${verdict}`,
  verdict,
  violations: [],
  story: [],
  witness: { claimed: null, finished: null },
  job: "1",
  millis: 1,
});
const identity = (digest: string) => ({
  component: "api",
  release: "current",
  digest,
  image: null,
  probe: "refuses",
});

const summaryOf = (cells: Verdict[], digests: string[], loose: string[] = []) =>
  summarise({
    runId: "run",
    api: "current",
    folder: ".interlock/runs/run",
    startedAt: "2015-08-24T14:44:00.000Z",
    millis: 10,
    identities: digests.map(identity),
    cells: cells.map(cell),
    triggers: {},
    machine: null,
    loose,
    notCompared: [],
    coverage,
    lacks: [],
    of: cells.length,
  });

describe("a run", () => {
  test.each<[Verdict[], string[], string[], Verdict, number, string[]]>([
    [["pass"], ["d"], [], "pass", 0, []],
    [[], ["d"], [], "missing", 2, ["no cell was tried"]],
    [["pass"], [], [], "missing", 2, ["a component's version is not attested"]],
    [["pass"], ["d", ""], [], "missing", 2, ["a component's version is not attested"]],
    [["pass", "missing"], ["d"], [], "missing", 2, ["1 cells have no verdict"]],
    [["pass", "infrastructure"], ["d"], [], "infrastructure", 3, ["1 cells could not be tried"]],
    [["pass", "violation"], ["d"], [], "violation", 1, ["1 cells broke an invariant"]],
    [["pass"], ["d"], ["x"], "violation", 1, ["1 exchanges outside of any job departed from the contract"]],
    [
      ["infrastructure", "missing"],
      ["d"],
      [],
      "infrastructure",
      3,
      ["1 cells could not be tried", "1 cells have no verdict"],
    ],
    [
      ["violation", "infrastructure"],
      [""],
      [],
      "violation",
      1,
      ["1 cells broke an invariant", "1 cells could not be tried", "a component's version is not attested"],
    ],
  ])("with cells %j, digests %j and loose %j", (cells, digests, loose, verdict, exit, reasons) => {
    expect(summaryOf(cells, digests, loose)).toMatchObject({ verdict, exit, reasons });
  });

  test("is green only if there is a cell, all are green, all is attested and nothing is loose", () => {
    const anyCells = fc.array(fc.constantFrom("pass", "pass", "pass", ...verdicts), { maxLength: 4 });
    const anyDigests = fc.array(fc.constantFrom("d", "d", "d", ""), { maxLength: 3 });
    const anyLoose = fc.array(fc.constant("x"), { maxLength: 1 });
    fc.assert(
      fc.property(anyCells, anyDigests, anyLoose, (cells, digests, loose) => {
        const { exit, verdict, reasons } = summaryOf(cells, digests, loose);
        const green =
          cells.length > 0 &&
          cells.every((one) => one === "pass") &&
          digests.length > 0 &&
          !digests.includes("") &&
          loose.length === 0;
        expect({ exit: exit === 0, verdict: verdict === "pass", quiet: reasons.length === 0 }).toEqual({
          exit: green,
          verdict: green,
          quiet: green,
        });
      }),
      { numRuns: 500 },
    );
  });

  test("counts its cells by verdict", () => {
    expect(summaryOf(["pass", "violation", "pass"], ["d"]).counts).toEqual({
      pass: 2,
      violation: 1,
      missing: 0,
      infrastructure: 0,
    });
  });

  test("keeps all that was gathered", () => {
    expect(summaryOf(["pass"], ["d"])).toMatchObject({
      schema: 2,
      runId: "run",
      api: "current",
      millis: 10,
      folder: ".interlock/runs/run",
      cells: [{ path: "current/v5-presto/pass" }],
      identities: [{ component: "api" }],
    });
  });
});

describe("the cells of a history", () => {
  const paths = [{ path: "current/v5-presto/insert-into" }, { path: "current/v5-presto/second" }];
  const [path] = paths as [{ path: string }];

  test("pass where nothing is broken, with the time from issue to the last call, and no story", () => {
    const { cells, loose, triggers } = judgeCells([path], eventsOf({ calls: calm }));
    expect(cells).toEqual([
      {
        path: path.path,
        verdict: "pass",
        violations: [],
        story: [],
        witness: { claimed: null, finished: null },
        job: "1",
        millis: 910,
      },
    ]);
    expect(loose).toEqual([]);
    expect(triggers).toMatchObject({ I1: 1, E: 1, I4: 0 });
  });

  test("violate where an invariant is broken: with what it says, what was seen, and who saw what", () => {
    const { cells } = judgeCells([path], eventsOf({ calls: [...calm, show(2_000, "killed")] }));
    expect(cells).toMatchObject([{ verdict: "violation", job: "1" }]);
    const [{ violations, story }] = cells as [CellResult];
    expect(violations.map(({ invariant }) => invariant)).toContain("I1");
    for (const { definition, witnesses } of violations) {
      expect(definition).not.toBe("");
      expect(witnesses).not.toEqual([]);
    }
    expect(story.join("\n")).toContain("reads killed");
    expect(story.at(-1)).toContain("found: ");
  });

  test("are missing where the job was never issued, whatever else was seen of it", () => {
    const { cells } = judgeCells(paths, withSecondJob(eventsOf({ calls: calm })));
    expect(cells).toMatchObject([
      { verdict: "pass", job: "1" },
      { verdict: "missing", job: null, violations: [], reason: expect.stringContaining("never issued") },
    ]);
  });

  test("leave departures about no job to the run", () => {
    const { cells, loose } = judgeCells([path], eventsOf({ calls: [...calm, idle(2_000, { reply: "" })] }));
    expect(cells).toMatchObject([{ verdict: "pass" }]);
    expect(loose).toEqual([expect.stringContaining("worker->api, worker.claim: ")]);
  });
});

/** The same with a second job of the same kind, which was never issued. */
const withSecondJob = (events: readonly HistoryEvent[]): HistoryEvent[] =>
  events.flatMap((event): HistoryEvent[] => {
    if (event.kind === "final") return [event, { ...event, number: 2, job: null, stored: null }];
    if (event.kind !== "run") return [event];
    const { workload } = event.schedule;
    const jobs = [...workload.jobs, ...workload.jobs];
    return [{ ...event, schedule: { ...event.schedule, workload: { ...workload, jobs } } }];
  });
