import fc from "fast-check";
import { expect, test } from "vitest";
import { search } from "./search.ts";
import { type Seen, shareOf } from "./strip.ts";

/** Which places are looked at, on rules in the place of a rig: how often each continuation breaks is known exactly. */

const counts = { search: 10, full: 100 };

/** A history of which each continuation is broken from a place of its own on. */
function lookAt(brokenFrom: (continuation: number) => number, certainFrom = Number.POSITIVE_INFINITY) {
  const ran: number[] = [];
  const look = async (place: number, from: number, to: number): Promise<Seen> => {
    const isCertain = place >= certainFrom;
    const numbers = Array.from({ length: isCertain ? 1 : to - from }, (_, i) => from + i);
    ran.push(...numbers);
    const broken = numbers.map((number) => place >= brokenFrom(number));
    return { broken, by: isCertain ? "certain" : "simulated" };
  };
  return { look, runs: () => ran.length };
}

test("wherever a history is decided, both sides of that place have all continuations", () =>
  fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 400 }), fc.nat(), async (places, at) => {
      const decided = 1 + (at % (places - 1));
      const { look, runs } = lookAt(() => decided);
      const found = await search(places, counts, look);
      expect(found.get(decided)?.broken).toEqual(Array(100).fill(true));
      expect(found.get(decided - 1)?.broken).toEqual(Array(100).fill(false));
      expect(runs()).toBeLessThanOrEqual(3 * 100 + 10 * 10);
    }),
    { seed: 1 },
  ));

test("a place that decides some continuations alone is found, and its share is that of all", async () => {
  const { look } = lookAt((continuation) => (continuation % 4 === 0 ? 30 : 70));
  const found = await search(120, counts, look);
  expect([0, 29, 30, 69, 70].map((place) => shareOf(found.get(place) as Seen))).toEqual([
    0, 0, 0.25, 0.25, 1,
  ]);
});

test("what is decided from the start is looked at there alone", async () => {
  const { look, runs } = lookAt(() => 0);
  const found = await search(300, counts, look);
  expect([...found.keys()]).toEqual([0]);
  expect(runs()).toBe(100);
});

test("where nothing is left to chance one continuation is enough", async () => {
  const { look, runs } = lookAt(() => 250, 100);
  const found = await search(300, counts, look);
  expect(found.get(249)).toEqual({ broken: [false], by: "certain" });
  expect(found.get(250)).toEqual({ broken: [true], by: "certain" });
  expect(runs()).toBeLessThan(130);
});

test("a history without a place is not looked at", async () => {
  expect((await search(0, counts, lookAt(() => 0).look)).size).toBe(0);
});
