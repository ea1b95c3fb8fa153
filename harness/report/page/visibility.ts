import { chunkIn } from "../../../contracts/model/streams/chunk.ts";
import { visibleWithinMs } from "../../../contracts/operations/streaming-import.ts";
import { field } from "../../../contracts/step.ts";
import type { Millis } from "../../../contracts/values.ts";
import { servedStatus } from "../../history/calls.ts";
import type { ExchangeEvent, HistoryEvent } from "../../history/event.ts";
import type { Report } from "../report.ts";
import type { Visibility } from "./data.ts";

/** How long it took until the records of each chunk were seen; undefined where no chunk was taken and seen. */
export function visibilityIn({ cases }: Report): Visibility | undefined {
  const all = new Set(cases.flatMap(({ histories = [] }) => histories.map(({ events }) => events)));
  const seen = [...all].flatMap(seenIn).toSorted(([a], [b]) => a - b);
  return seen.length === 0 ? undefined : { seen, promisedMs: visibleWithinMs };
}

/** A chunk that was taken: its records are seen when its table is shown to hold so many. */
interface Waiting {
  at: Millis;
  count: number;
}

/** From the answer that took a chunk to the first look at its table that counts it; in milliseconds of the run. */
export function seenIn(events: readonly HistoryEvent[]): [at: Millis, ms: Millis][] {
  const waiting = new Map<string, Waiting[]>();
  const counted = new Map<string, number>();
  const known = new Set<string>();
  const seen: [Millis, Millis][] = [];
  const calls = events.filter((event) => event.kind === "exchange").toSorted((a, b) => a.at - b.at);
  for (const call of calls) {
    if (servedStatus(call) !== 200) continue;
    const table = tableOf(call);
    const records = recordsIn(call);
    if (records > 0) {
      const id = JSON.stringify([table, field(call.request, "unique_id") ?? call.seq]);
      if (known.has(id)) continue;
      known.add(id);
      const count = (counted.get(table) ?? 0) + records;
      counted.set(table, count);
      waiting.set(table, [...(waiting.get(table) ?? []), { at: call.at, count }]);
    } else if (call.operation === "table.show") {
      const shown = Number(field(call.reply, "count"));
      const still = (waiting.get(table) ?? []).filter(({ count }) => count > shown);
      for (const { at } of (waiting.get(table) ?? []).filter(({ count }) => count <= shown))
        seen.push([at, call.at - at]);
      waiting.set(table, still);
    }
  }
  return seen;
}

const tableOf = ({ customer, request }: ExchangeEvent): string =>
  JSON.stringify([customer, field(request, "database"), field(request, "table")]);

/** Of a call that sends a chunk. */
function recordsIn({ operation, request }: ExchangeEvent): number {
  if (operation !== "table.import" && operation !== "table.import_with_id") return 0;
  const content = field(request, "content");
  return typeof content === "string" ? (chunkIn(content).content?.records ?? 0) : 0;
}
