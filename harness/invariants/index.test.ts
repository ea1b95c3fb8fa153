import { globSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FinalEvent, HistoryEvent } from "../history/event.ts";
import { jobHistories } from "../history/job-history.ts";
import type { Scenario } from "../schedule/scenario.ts";
import { invariants } from "./index.ts";
import type { Invariant } from "./invariant.ts";
import { judgeHistory } from "./judge.ts";
import { issue, show } from "./testing/calls.ts";
import { eventsOf, keptStory, refusal, type Story } from "./testing/history.ts";
import { all } from "./testing/scenarios.ts";

const isInvariant = (value: unknown): value is Invariant =>
  typeof value === "object" && value !== null && "witnesses" in value && "applies" in value;

test("every invariant that a file of this folder exports is in the table", async () => {
  const files = globSync(["*.ts", "{liveness,told}/*.ts"], { cwd: import.meta.dirname }).filter((file) =>
    /^(?!index)[^.]+\.ts$/.test(file),
  );
  const modules = await Promise.all(files.map((file) => import(`./${file}`) as Promise<object>));
  const exported = modules.flatMap((module) => Object.values(module).filter(isInvariant));
  expect(invariants.map(({ id }) => id).toSorted()).toEqual(exported.map(({ id }) => id).toSorted());
});

describe("every invariant", () => {
  test.each(invariants)("$id says what it promises in one sentence", ({ definition }) => {
    expect(definition).toMatch(/^[A-Z][^.]+\.$/s);
  });

  test("has an id, a name and a definition of its own", () => {
    for (const key of ["id", "name", "definition"] as const) {
      expect(new Set(invariants.map((one) => one[key])).size).toBe(invariants.length);
    }
  });

  test("speaks of steps and never of an operation's name", () => {
    const sources = globSync("harness/invariants/{,liveness/,told/}*.ts").filter(
      (file) => !file.endsWith(".test.ts"),
    );
    expect(sources.length).toBeGreaterThan(invariants.length);
    const named = sources.filter((file) => /"(worker|job)\./.test(readFileSync(file, "utf8")));
    expect(named).toEqual([]);
  });

  test.each(all)("is silent on a job that went as promised: $name", (scenario) => {
    const { broken, loose } = judgeHistory(eventsOf(keptStory(scenario)));
    expect({ broken, loose }).toEqual({ broken: [], loose: [] });
  });

  test("is silent where it does not apply, says the same again, and changes nothing", () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        const events = eventsOf(story);
        const copy = structuredClone(events);
        const { broken } = judgeHistory(events);
        expect(judgeHistory(copy).broken).toEqual(broken);
        expect(events).toEqual(copy);
        const applying = jobHistories(events).flatMap((history) =>
          invariants.filter(({ applies }) => applies(history)).map(({ id }) => id),
        );
        expect(broken.filter(({ invariant }) => !applying.includes(invariant))).toEqual([]);
      }),
    );
  });
});

describe("one fact that is wrong", () => {
  test.each<[string, (story: Story, final: FinalEvent, scenario: Scenario) => Story | null]>([
    [
      "the last status read",
      (story, _, { ending }) => lastRead(story, ending === "error" ? "killed" : "error"),
    ],
    ["no end", (story) => lastRead(story, "running")],
    [
      "the status stored",
      (story, { stored }) =>
        stored === null ? null : withFinal(story, { stored: stored === "error" ? "success" : "error" }),
    ],
    ["the list of jobs", (story, { job }) => (job === null ? null : withFinal(story, { listed: false }))],
    ["a row more at the destination", (story, { destination }) => rowsAt(story, destination, more)],
    ["a row less at the destination", (story, { destination }) => rowsAt(story, destination, less)],
    [
      "a delivery more",
      (story, { destination }) =>
        destination?.deliveries == null
          ? null
          : withFinal(story, {
              destination: { ...destination, deliveries: destination.deliveries + 1 },
            }),
    ],
    ["a row more in the warehouse", (story, { table }) => changed(story, "table", more(table))],
    ["a row less in the warehouse", (story, { table }) => changed(story, "table", less(table))],
    ["a row more in the result", (story, { result }) => changed(story, "result", more(result))],
    ["a row less in the result", (story, { result }) => changed(story, "result", less(result))],
    ["no result", (story, { result }) => (result === undefined ? null : withFinal(story, { result: null }))],
    [
      "a departure from the contract",
      (story) => ({ ...story, calls: [...(story.calls ?? []), issue(5_000, { reply: {} })] }),
    ],
    [
      "a job that was not taken",
      (story, { job }) =>
        job === null
          ? null
          : { ...withFinal(story, { job: null, stored: null }), calls: [issue(100, refusal())] },
    ],
    [
      "a job that was taken",
      (story, { job }) => (job === null ? withFinal(story, { job: "1", stored: "queued" }) : null),
    ],
    [
      "a refusal by a fault",
      (story, { job }) => (job === null ? { ...story, calls: [issue(100, refusal(500))] } : null),
    ],
  ])("is noticed: %s", (_, wrong) => {
    const stories = all.flatMap((scenario) => {
      const story = keptStory(scenario);
      const final = eventsOf(story).at(-1) as HistoryEvent & FinalEvent;
      return wrong(story, final, scenario) ?? [];
    });
    expect(stories).not.toEqual([]);
    for (const story of stories) expect(judgeHistory(eventsOf(story)).broken).not.toEqual([]);
  });
});

type Rows = FinalEvent["table"];
const more = (found: Rows): Rows => (found == null ? undefined : [...found, [9, "new"]]);
const less = (found: Rows): Rows => (found == null || found.length === 0 ? undefined : found.slice(1));

const withFinal = (story: Story, final: Partial<FinalEvent>): Story => ({
  ...story,
  final: { ...story.final, ...final },
});

const changed = (story: Story, name: "table" | "result", rows: Rows): Story | null =>
  rows === undefined ? null : withFinal(story, { [name]: rows });

function rowsAt(story: Story, found: FinalEvent["destination"], change: (rows: Rows) => Rows): Story | null {
  const rows = change(found?.rows);
  return found === undefined || rows == null ? null : withFinal(story, { destination: { ...found, rows } });
}

/** As if the customer's last look had shown another status. */
function lastRead(story: Story, status: Parameters<typeof show>[1]): Story | null {
  const calls = story.calls ?? [];
  const last = calls.findLastIndex(({ operation }) => operation === "job.show");
  return last < 0 ? null : { ...story, calls: calls.with(last, show(1_100, status)) };
}

const anyRows = fc.option(
  fc.constantFrom(
    [],
    [[1, "a"]],
    [
      [1, "a"],
      [2, "b"],
      [2, "b"],
    ],
  ),
);
const status = fc.constantFrom("queued", "running", "success", "error", "killed");
const anyStory: fc.Arbitrary<Story> = fc
  .record({
    scenario: fc.constantFrom(...all),
    reads: fc.array(status, { maxLength: 4 }),
    stored: fc.option(status),
    job: fc.constantFrom("1", null),
    table: anyRows,
    result: anyRows,
    destination: fc.record({ rows: anyRows.map((rows) => rows ?? []), deliveries: fc.option(fc.nat(2)) }),
    registered: fc.option(fc.boolean()),
    listed: fc.option(fc.boolean(), { nil: undefined }),
  })
  .map(({ scenario, reads, ...final }) => ({
    scenario,
    calls: [issue(100), ...reads.map((one, i) => show(1_000 + i, one as "queued"))],
    final: final as Partial<FinalEvent>,
  }));
