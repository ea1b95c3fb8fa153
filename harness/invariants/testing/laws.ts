import { expect, test } from "vitest";
import type { HistoryEvent } from "../../history/event.ts";
import { type JobHistory, jobHistories } from "../../history/job-history.ts";
import type { Invariant } from "../invariant.ts";
import { eventsOf, historyOf, type Story } from "./history.ts";

export interface Case {
  name: string;
  story: Story;
  /** What contradicts the promise; null where it does not apply. */
  says: readonly string[] | null;
}

/** Tells an invariant stories that it must and must not object to, and holds it to the laws of every invariant. */
export function judges(invariant: Invariant, cases: readonly Case[]): void {
  test.each(cases)(`${invariant.id}: $name`, ({ story, says }) => {
    const history = historyOf(story);
    expect(invariant.applies(history)).toBe(says !== null);
    const found = invariant.witnesses(history);
    expect(found.map(({ text }) => text)).toEqual(says ?? []);
    const places = eventsOf(story).map(({ seq }) => seq);
    for (const { events } of found) {
      expect(places).toEqual(expect.arrayContaining([...events]));
      expect(events).toEqual([...new Set(events)].toSorted((a, b) => a - b));
    }
  });

  test(`${invariant.id} is told stories that keep it, break it and do not concern it`, () => {
    expect(cases.some(({ says }) => says !== null && says.length === 0)).toBe(true);
    expect(cases.some(({ says }) => says !== null && says.length > 0)).toBe(true);
    expect(cases.some(({ says }) => says === null)).toBe(true);
  });

  test.each(cases)(`${invariant.id} only looks: $name`, ({ story }) => {
    const history = frozen(historyOf(story));
    const first = judged(invariant, history);
    expect(judged(invariant, history)).toEqual(first);
  });

  test.each(cases)(`${invariant.id} judges the file as it judged the run: $name`, ({ story }) => {
    const events = eventsOf(story);
    const lines = events.map((event) => JSON.stringify(event)).join("\n");
    const read = lines.split("\n").map((line) => JSON.parse(line) as HistoryEvent);
    expect(jobHistories(read).map((history) => judged(invariant, history))).toEqual(
      jobHistories(events).map((history) => judged(invariant, history)),
    );
  });
}

const judged = ({ applies, witnesses }: Invariant, history: JobHistory) => [
  applies(history),
  witnesses(history),
];

function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) frozen(inner);
  return value;
}
