import { describe, expect, test } from "vitest";
import { engines } from "../../contracts/job.ts";
import { freedomOf } from "../../contracts/model/free.ts";
import type { OperationId } from "../../contracts/operations.ts";
import { basesOf } from "../../harness/explore/workloads.ts";
import { servedStatus } from "../../harness/history/calls.ts";
import type { HistoryEvent } from "../../harness/history/event.ts";
import { allBroken, judgeHistory } from "../../harness/invariants/judge.ts";
import { singlesAt } from "../../harness/schedule/catalog.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import { config, releases, runOn } from "../status-sync/system.ts";
import { leavesIn, othersOf, withLeaf } from "./leaves.ts";

/**
 * How much the judge sees: in recorded histories every leaf of every request to the service, and of every reply, is
 * changed, one at a time. What stays unseen must be declared as free.
 */

const run = await runOn();
/** Thousands of rows, a text of a mebibyte or a dozen columns have the same leaves over and over. */
const small = config.scenarios.filter(
  ({ source }) => JSON.stringify(source).length < 10_000 && source.columns.length < 10,
);
const bases = basesOf(engines, small, releases, 1).map(({ base }) => base);

/** So many histories with a single fault for each without. */
const faulted = 3;

/** The calm history of those scenarios on every engine, and those of single faults of which each is another one. */
async function histories(): Promise<(readonly HistoryEvent[])[]> {
  const calm = await run(bases);
  const broken = calm.flatMap(({ schedule, reached }, i): Schedule[] => {
    const singles = singlesAt(reached);
    const places = Array.from({ length: faulted }, (_, n) => (i * faulted + n) * 37);
    const chosen = places.flatMap((place) => singles[place % singles.length] ?? []);
    return chosen.map((single) => ({ ...schedule, faults: [single] }));
  });
  return [...calm, ...(await run(broken))].map(({ events }) => events);
}

interface Survivor {
  operation: OperationId;
  side: "request" | "reply";
  path: readonly string[];
  isRefused: boolean;
}

/** Only the first call of each kind in a history is changed: the others are like it. */
function changes(events: readonly HistoryEvent[]) {
  const verdict = JSON.stringify(allBroken(judgeHistory(events)));
  const seen = new Set<string>();
  const survivors: Survivor[] = [];
  let tried = 0;
  for (const [i, event] of events.entries()) {
    if (event.kind !== "exchange" || !event.link.endsWith("->api")) continue;
    const status = servedStatus(event);
    const kind = `${event.by} ${event.operation} ${status} ${event.job}`;
    // A service that failed has done nothing with what it was asked, and says so in words that are free.
    if (status === null || status >= 500 || seen.has(kind)) continue;
    seen.add(kind);
    for (const side of ["request", "reply"] as const) {
      for (const { path, value } of leavesIn(event[side])) {
        for (const other of othersOf(value)) {
          const changed = { ...event, [side]: withLeaf(event[side], path, other) };
          if (path.length === 1 && path[0] === "job_id" && side === "request") changed.job = String(other);
          tried += 1;
          const now = JSON.stringify(allBroken(judgeHistory(events.with(i, changed))));
          const operation = event.operation as OperationId;
          if (now === verdict) survivors.push({ operation, side, path, isRefused: status >= 400 });
        }
      }
    }
  }
  return { tried, survivors };
}

describe("of all leaves of more than 200 histories", async () => {
  const all = (await histories()).map(changes);
  const tried = all.reduce((sum, one) => sum + one.tried, 0);
  const survivors = all.flatMap((one) => one.survivors);
  const undeclared = survivors.filter(
    ({ operation, side, path, isRefused }) => freedomOf(operation, side, path, isRefused) === undefined,
  );

  test("there are so many", () => {
    expect(all.length).toBeGreaterThanOrEqual(200);
    expect(tried).toBeGreaterThan(30_000);
  });

  test("at least 99 in 100 of those that are not declared as free are red when they are changed", () => {
    const words = undeclared.map(({ operation, side, path }) => `${operation} ${side} ${path.join(".")}`);
    const most = Math.floor(tried / 100);
    expect(words.length > most ? [...new Set(words)] : []).toEqual([]);
  });

  test("so are at least 90 in 100 of all", () => {
    expect(survivors.length / tried).toBeLessThan(0.1);
  });
});
