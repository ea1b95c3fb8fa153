import { expect, test } from "vitest";
import { z } from "zod";
import { causalitySchema, largestRise, likelihoods, type Seen, steepest } from "./strip.ts";

test("docs/causality.schema.json is the schema (vitest -u writes it anew)", async () => {
  const text = `${JSON.stringify(z.toJSONSchema(causalitySchema), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot("../../docs/causality.schema.json");
});

const seen = (broken: number, of: number): Seen => ({
  broken: Array.from({ length: of }, (_, i) => i < broken),
  by: "simulated",
});
const figures = (events: ReturnType<typeof likelihoods>) => events.map(({ probability }) => probability);

test("an event has the figure of the place behind it, and what was not looked at that of the event before", () => {
  const events = likelihoods(
    [1, 2, 4, 5],
    new Map([
      [0, seen(1, 4)],
      [2, seen(3, 4)],
    ]),
    7,
  );
  expect(figures(events)).toEqual([0.25, 0.25, 0.75, 0.75, 0.75, 1, 1]);
  expect(events.map(({ by }) => by)).toEqual([
    "simulated",
    "same",
    "simulated",
    "same",
    "same",
    "certain",
    "same",
  ]);
  expect(events[2]).toEqual({ seq: 2, probability: 0.75, by: "simulated", continuations: 4 });
});

const of = (...all: number[]) =>
  all.map((probability, seq) => ({ seq, probability, by: "simulated" as const, continuations: 100 }));

test("the largest rise is the first of several, and no fall", () => {
  const rise = (...all: number[]) => largestRise(of(...all), [...all.keys()]);
  expect(rise(0, 0.1, 0.7, 0.7, 1)).toEqual({ from: 2, to: 2, before: 0.1, after: 0.7 });
  expect(rise(0, 0.5, 1)).toEqual({ from: 1, to: 1, before: 0, after: 0.5 });
  expect(rise(0.9, 0.2, 0.3)).toEqual({ from: 2, to: 2, before: 0.2, after: 0.3 });
  expect(rise(1, 1, 1)).toBeNull();
});

test("events that began at one moment rise as one, also the last ones", () => {
  const events = of(0, 0.2, 0.4, 0.9, 1);
  expect(largestRise(events, [0, 5, 5, 7, 9])).toEqual({ from: 3, to: 3, before: 0.4, after: 0.9 });
  expect(largestRise(events, [0, 5, 5, 5, 9])).toEqual({ from: 1, to: 3, before: 0, after: 0.9 });
  expect(largestRise(events, [0, 5, 6, 7, 7])).toEqual({ from: 3, to: 4, before: 0.4, after: 1 });
  expect(steepest(events, { from: 1, to: 3, before: 0, after: 0.9 })).toBe(3);
  expect(steepest(events, { from: 1, to: 2, before: 0, after: 0.4 })).toBe(1);
});
