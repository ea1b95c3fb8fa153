import type { Bar } from "../bar.ts";
import type { Bench } from "../bench.ts";
import { seconds } from "../figures.ts";
import { type Condition, fill, load, type Seen } from "./bed.ts";
import { slowDisk } from "./slow-disk.ts";

/**
 * The evening of 2017: a server that was just promoted reads each page from a slow disk the first time that it is touched,
 * and each end of a job has the API go through all jobs. Calls that have nothing to do with ends are measured with that
 * query and without it, by turns, each time on a server that was started anew.
 */
const ended = 200_000;
const readsPerSecond = 200;
/** Megabytes that hold all of it, and hardly any of it. */
const [large, little] = [512, 8];

const conditions = {
  cold: { pool: large, isWarmed: false, lateMs: 0 },
  warmed: { pool: large, isWarmed: true, lateMs: 0 },
  "a pool that holds little": { pool: little, isWarmed: false, lateMs: 0 },
  "warmed, 27 ms at each reply by the proxy": { pool: large, isWarmed: true, lateMs: 27 },
} as const satisfies Record<string, Condition>;
type Name = keyof typeof conditions;
type Both = Readonly<Record<"without" | "with", Seen>>;

export async function measureFirstTouch(bench: Bench): Promise<Bar> {
  const { note } = bench;
  note("starting MySQL");
  await using disk = await slowDisk(bench, readsPerSecond);
  note(`putting in ${ended} ended jobs`);
  const jobs = await fill(disk, ended);
  const names = Object.keys(conditions) as Name[];
  const seen = {} as Record<Name, Both>;
  for (const [i, name] of names.entries()) {
    const one = (hasNotifications: boolean) => {
      note(`${name}, ${hasNotifications ? "with" : "without"} the query (${i + 1} of ${names.length})`);
      return load(disk, conditions[name], { hasNotifications, jobs });
    };
    seen[name] = { without: await one(false), with: await one(true) };
  }
  return {
    bar: "2017: p99 of looks at jobs on a slow disk, with a query that goes through all jobs against without",
    line: "with the query against without: cold, p99 at least 1.5x and at most half of the ends; warmed, p99 at most 1.5x and at least 0.8 of the ends",
    measured: names.map((name) => `${name}: ${told(seen[name])}`).join("; "),
    met: shows(seen.cold) && !isNoticed(seen.warmed),
  };
}

const slower = (both: Both): number => both.with.p99 / both.without.p99;
const endsLeft = (both: Both): number => both.with.ends / both.without.ends;

/** Replies that are late by the proxy are late once for a query of any number of pages: they show nothing, and are in no line. */
const shows = (both: Both): boolean => slower(both) >= 1.5 && endsLeft(both) <= 0.5;
const isNoticed = (both: Both): boolean => slower(both) > 1.5 || endsLeft(both) < 0.8;

function told(both: Both): string {
  const { with: beside, without } = both;
  const refused = beside.refused === 0 ? "" : `, ${beside.refused} of ${beside.asked} refused`;
  const pages = `${beside.reads} against ${without.reads} pages read`;
  const warmed = without.warmedIn < 1_000 ? "" : `, read before in ${seconds(without.warmedIn, 0)}`;
  const ends = `${beside.ends} against ${without.ends} ends, slowest ${seconds(beside.slowestEnd)} against ${seconds(without.slowestEnd)}`;
  return `${seconds(beside.p99, 3)} against ${seconds(without.p99, 3)}${refused} (${pages}; ${ends}${warmed})`;
}
