import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import { expect, test } from "vitest";
import type { HistoryEvent } from "../../history/event.ts";
import { exchangeEvent } from "../../testing/events.ts";
import { seenIn } from "./visibility.ts";

const contentOf = (records: number) =>
  gzipSync(Buffer.concat(Array.from({ length: records }, () => encode({ time: 1 })))).toString("base64");

const call = (at: number, operation: string, request: object, reply: object, more = {}): HistoryEvent =>
  exchangeEvent({
    seq: at,
    at,
    operation,
    customer: "cdh4",
    request: { database: "d", table: "t", ...request },
    reply,
    status: 200,
    ...more,
  });
const taken = (at: number, unique_id: string | null, records: number, more = {}) =>
  call(
    at,
    unique_id === null ? "table.import" : "table.import_with_id",
    { content: contentOf(records), ...(unique_id === null ? {} : { unique_id }) },
    {},
    more,
  );
const shown = (at: number, count: number, more = {}) => call(at, "table.show", {}, { count }, more);

test.each<[string, HistoryEvent[], [number, number][]]>([
  ["nothing was sent", [shown(1, 0)], []],
  [
    "two chunks, seen one after the other",
    [taken(10, "a", 2), taken(20, "b", 1), shown(30, 2), shown(50, 3)],
    [
      [10, 20],
      [20, 30],
    ],
  ],
  [
    "both at once",
    [taken(10, "a", 2), taken(20, "b", 1), shown(25, 1), shown(50, 3)],
    [
      [10, 40],
      [20, 30],
    ],
  ],
  ["one that is sent again counts once", [taken(10, "a", 2), taken(20, "a", 2), shown(30, 2)], [[10, 20]]],
  [
    "those without an id count each",
    [taken(10, null, 1), taken(20, null, 1), shown(30, 1), shown(40, 2)],
    [
      [10, 20],
      [20, 20],
    ],
  ],
  ["one without records is not waited for", [taken(10, "a", 0), shown(30, 0)], []],
  ["one that was refused is not waited for", [taken(10, "a", 1, { status: 422 }), shown(30, 1)], []],
  [
    "another customer's table is another one",
    [taken(10, "a", 1), shown(20, 1, { customer: "hdp2" }), shown(30, 1)],
    [[10, 20]],
  ],
  ["never seen", [taken(10, "a", 1), shown(30, 0)], []],
])("%s", (_, events, seen) => {
  expect(seenIn(events)).toEqual(seen);
});
