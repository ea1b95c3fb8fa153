import fc from "fast-check";
import { expect, test } from "vitest";
import { exchangeEvent } from "../testing/events.ts";
import { historyHash } from "./hash.ts";

test("a history that was written and read again has the same hash, in whatever order its keys stand", () => {
  fc.assert(
    fc.property(fc.object(), fc.double({ noNaN: true, noDefaultInfinity: true }), (request, at) => {
      const event = exchangeEvent({ request, at });
      const backwards = Object.fromEntries(Object.entries(event).reverse()) as typeof event;
      const again = JSON.parse(JSON.stringify(backwards)) as typeof event;
      expect(historyHash([again])).toBe(historyHash([event]));
    }),
    { seed: 1 },
  );
});

test("another value, another order and another length have other hashes", () => {
  const [first, second] = [exchangeEvent({ seq: 0 }), exchangeEvent({ seq: 1, status: 503 })];
  const hashes = [[first, second], [second, first], [first], [], [first, { ...second, status: 504 }]].map(
    historyHash,
  );
  expect(new Set(hashes).size).toBe(hashes.length);
});
