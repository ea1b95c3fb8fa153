import { describe, expect, test } from "vitest";
import { count, emptyTally } from "../explore/tally.ts";
import type { HistoryEvent } from "../history/event.ts";
import { invariants } from "../invariants/index.ts";
import { breaks, judgeHistory } from "../invariants/judge.ts";
import { calm, finish, grant, issue, show } from "../invariants/testing/calls.ts";
import { eventsOf, type Story } from "../invariants/testing/history.ts";
import { judgeReplay } from "../replay/replay.ts";
import type { Run } from "../rigs/run.ts";
import { machineEvent } from "../testing/whole-history.ts";
import { judgeCells } from "./result.ts";

/** A history of which every second was measured: on a machine that others had used up, or on one that had time. */
function measured(story: Story, busyMs: number): HistoryEvent[] {
  const events = eventsOf(story);
  const final = events.pop() as HistoryEvent;
  const seconds = Array.from({ length: 100 }, (_, i) => ({
    at: (i + 1) * 1000,
    ...machineEvent({ ms: 1000, busyMs, waitedMs: 900, components: {} }),
  }));
  const timed = [...events, ...seconds].sort((a, b) => a.at - b.at);
  return [...timed, final].map((event, seq) => ({ ...event, seq })) as HistoryEvent[];
}

const starving = 2_000;
const idle = 500;
const ids = (events: readonly HistoryEvent[]) => {
  const { broken, starved } = judgeHistory(events);
  return { broken: broken.map(({ invariant }) => invariant), starved: starved.map(({ job }) => job) };
};

const running = { stored: "running", table: [], registered: false, leased: true } as const;
const short: [string, Story][] = [
  ["still running", { calls: [issue(100), grant(200, 1), show(900, "booting")], final: running }],
  ["never read", { calls: [issue(100), grant(200, 1)], final: running }],
  [
    "done, and not read in time",
    { calls: [issue(100), grant(200, 1), finish(700, 1, "success"), show(600, "booting")] },
  ],
  [
    "never answered",
    {
      calls: [issue(100, { job: null, status: null, outcome: "unknown", reply: { problem: "no answer" } })],
      final: { job: null, stored: null, table: [], registered: false },
    },
  ],
];

describe("what was not done in time", () => {
  test.each(short)("is no violation on a starved machine: %s", (_, story) => {
    expect(ids(measured(story, starving))).toEqual({ broken: [], starved: [1] });
    expect(judgeCells([{ path: "a" }], measured(story, starving)).cells).toMatchObject([
      { verdict: "infrastructure", violations: [], reason: expect.stringContaining("others used") },
    ]);
  });

  test.each(short)("is one on a machine that had time, or was not measured: %s", (_, story) => {
    expect(ids(measured(story, idle)).broken).not.toEqual([]);
    expect(ids(eventsOf(story)).broken).not.toEqual([]);
  });
});

const wrong: [string, Story][] = [
  ["rows that are not there", { calls: calm, final: { table: [] } }],
  [
    "an end that was not promised",
    { calls: [issue(100), show(900, "queued")], final: { ...running, stored: "error" } },
  ],
  [
    "a list that does not show it",
    { calls: [issue(100), show(900, "queued")], final: { ...running, listed: false } },
  ],
  [
    "a refusal",
    {
      calls: [
        issue(100, {
          job: null,
          status: 422,
          outcome: "fail",
          reply: { error: "no", text: "no", severity: "error" },
        }),
      ],
      final: { job: null, stored: null, table: [], registered: false },
    },
  ],
  [
    "a reply against the contract",
    { calls: [issue(100), show(900, "queued", { reply: "sorry" })], final: running },
  ],
];

test.each(wrong)("what is wrong at any time is a violation on a starved machine, too: %s", (_, story) => {
  expect(ids(measured(story, starving))).toMatchObject({ starved: [] });
  expect(ids(measured(story, starving)).broken).not.toEqual([]);
});

describe("a run that a starved machine kept from its end", () => {
  const runOf = (busyMs: number): Run => {
    const events = measured((short[0] as [string, Story])[1], busyMs);
    const [first] = events;
    if (first?.kind !== "run") throw new Error("the history has no beginning");
    return { schedule: first.schedule, events, unfired: [], reached: [], millis: 1 };
  };

  test("is no verdict of a replay", () => {
    expect(judgeReplay(null, "containers", runOf(starving))).toMatchObject({
      outcome: "starved",
      verdict: "infrastructure",
      exit: 3,
      starved: [{ job: 1 }],
    });
    expect(judgeReplay(null, "containers", runOf(idle))).toMatchObject({ outcome: "broken", exit: 1 });
  });

  test("counts for nothing in an exploration, and is counted", () => {
    const tally = emptyTally();
    expect(count(tally, runOf(starving))).toEqual([]);
    expect(tally).toMatchObject({ schedules: 1, starved: 1, found: [], triggered: {} });
    expect(count(tally, runOf(idle))).not.toEqual([]);
    expect(tally).toMatchObject({ schedules: 2, starved: 1 });
  });
});

test.each([...short, ...wrong])("judged alone, an invariant is broken where all say so: %s", (_, story) => {
  for (const busyMs of [starving, idle]) {
    const events = measured(story, busyMs);
    const alone = invariants.filter(({ id }) => breaks([...events], { invariant: id, job: 1 }));
    expect(alone.map(({ id }) => id)).toEqual(ids(events).broken);
  }
});
