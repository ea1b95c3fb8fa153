import { isDeepStrictEqual } from "node:util";
import type { Acknowledged, Ordered } from "./acknowledged.ts";
import type { Found } from "./found.ts";
import type { Say } from "./judged-imports.ts";

/** What loads, deletions, exports and deliveries have come to, after the promotion. */

export function judgedOrders(all: Found, record: Acknowledged, say: Say): void {
  const { jobs } = all;
  for (const [id, order] of record.orders) {
    const { account, what, mark, does } = order;
    const sent = jobs.filter(
      (job) => job.account === account && (job.query === mark || job.url?.includes(mark)),
    );
    say(sent.length < 2, `${what} that was sent again is two jobs`);
    const times = timesOf(order, all);
    const [least, most] = [Math.min(...times), Math.max(...times)];
    say(most < 2, `${what} has come about twice`);
    if (jobs.find((job) => job.id === id)?.status === "success")
      say(least > 0, `${what} has succeeded and has not come about, or not all of it`);
    // What has arrived elsewhere cannot be taken back.
    else say("delivers" in does || most < 1, `${what} has not succeeded and has come about`);
    if ("deletes" in does)
      say(isNextHourThere(order.account, does.deletes, all), "a record is gone that nobody deletes");
  }
  const ids = new Set(jobs.map(({ id }) => id));
  for (const id of record.effects.keys()) say(ids.has(id), "rows come or go under the name of no job");
}

/** Of all that an order does, how often each of it is seen. */
function timesOf({ account, mark, does }: Ordered, all: Found): number[] {
  const { warehouse, delivered } = all;
  if ("loads" in does) {
    const rows = warehouse.rowsOf(account, does.loads).filter(([, load]) => load === mark);
    return does.lines.map((wanted) => rows.filter(([, , line]) => line === wanted).length);
  }
  if ("deletes" in does) {
    const { table, from, to } = does.deletes;
    const times = timesIn(table, account, all);
    return [from, to - 1].map((time) => (times.has(time) ? 0 : 1));
  }
  const there = delivered.filter(({ place }) => place === mark);
  return [there.length, there.filter(({ rows }) => isDeepStrictEqual(rows, does.delivers)).length];
}

type Deleted = Extract<Ordered["does"], { deletes: unknown }>["deletes"];

const timesIn = (table: string, account: number, { warehouse }: Found) =>
  new Set(warehouse.rowsOf(account, table).map(([time]) => time));

function isNextHourThere(account: number, { table, from, to }: Deleted, all: Found): boolean {
  const times = timesIn(table, account, all);
  return [to, 2 * to - from - 1].every((time) => times.has(time));
}
