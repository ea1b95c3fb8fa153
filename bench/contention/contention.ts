import type { Millis } from "../../contracts/values.ts";
import { type Build, standardBuild } from "../../fixtures/build.ts";
import { writePerRequest } from "../../fixtures/mutants/2016-09-27/write-per-request.ts";
import { quantile } from "../../harness/quantile.ts";
import type { Bar, Curve } from "../bar.ts";
import type { Bench } from "../bench.ts";
import { seconds } from "../figures.ts";
import { type Bed, type Loaded, openBed } from "./bed.ts";

/**
 * The condition of 2016: many importers of one table. One write for many requests is held against a write for each, by
 * turns on one server, as MySQL answers and as where its network or its disk are slow.
 */
const importers = [1, 2, 4, 8, 16, 32, 64];
const rounds = 2;
const loadMs: Millis = 2_000;
const slowMs: Millis = 20;

const sides = {
  coalesced: standardBuild,
  perRequest: writePerRequest(standardBuild),
} as const satisfies Record<string, Build>;
type Side = keyof typeof sides;
const names: Readonly<Record<Side, string>> = {
  coalesced: "one write for many",
  perRequest: "a write for each request",
};

/** What came of a load on one of both. */
interface Figures {
  rate: number;
  p99: number;
  errors: number;
  asked: number;
  /** The most that had been taken and not imported at the end of a round. */
  waiting: number;
}
type Point = { importers: number } & Readonly<Record<Side, Figures>>;

export async function measureContention({ note }: Bench): Promise<Bar[]> {
  note("starting MySQL");
  await using bed = await openBed();
  const progress = new Progress(2 * importers.length * rounds * 2, note);
  const calm = await curve(bed, 0, progress);
  const slow = await curve(bed, slowMs, progress);
  return [calmBar(calm), slowBar(slow)];
}

async function curve(bed: Bed, lateMs: Millis, progress: Progress): Promise<Point[]> {
  const points: Point[] = [];
  for (const count of importers) {
    const loaded: Record<Side, Loaded[]> = { coalesced: [], perRequest: [] };
    for (let round = 0; round < rounds; round += 1)
      for (const side of ["coalesced", "perRequest"] as const) {
        progress.next(`${count} importers, ${names[side]}, ${lateMs} ms at each reply of MySQL`);
        loaded[side].push(await bed.load(sides[side], { importers: count, millis: loadMs, lateMs }));
      }
    const { coalesced, perRequest } = loaded;
    points.push({ importers: count, coalesced: figuresOf(coalesced), perRequest: figuresOf(perRequest) });
  }
  return points;
}

function figuresOf(rounds: readonly Loaded[]): Figures {
  const took = rounds.flatMap((round) => round.took);
  const sum = (of: (round: Loaded) => number) => rounds.reduce((total, round) => total + of(round), 0);
  const errors = sum((round) => round.errors);
  return {
    rate: (took.length - errors) / (sum(({ millis }) => millis) / 1_000),
    p99: quantile(took, 0.99),
    errors,
    asked: took.length,
    waiting: Math.max(...rounds.map(({ waiting }) => waiting)),
  };
}

/** Says what is done next, and how long all of it takes by what the steps before have taken. */
class Progress {
  readonly #steps: number;
  readonly #note: (line: string) => void;
  readonly #began = performance.now();
  #done = 0;

  constructor(steps: number, note: (line: string) => void) {
    this.#steps = steps;
    this.#note = note;
  }

  next(what: string): void {
    const each = (performance.now() - this.#began) / this.#done;
    const left = this.#done === 0 ? "" : `, about ${seconds(each * (this.#steps - this.#done), 0)} left`;
    this.#done += 1;
    this.#note(`${what} (${this.#done} of ${this.#steps}${left})`);
  }
}

/** From so many on they are in each other's way. */
const crowd = 8;

function calmBar(points: readonly Point[]): Bar {
  const crowded = points.filter((point) => point.importers >= crowd);
  return {
    bar: "2016: importers of one table, one write for many requests against a write for each",
    line: `from ${crowd} importers on: at least 1.5x the requests a second, a lower p99, no error`,
    measured: told(points),
    met: crowded.every(
      ({ coalesced, perRequest }) =>
        coalesced.errors === 0 && coalesced.rate >= 1.5 * perRequest.rate && coalesced.p99 < perRequest.p99,
    ),
    curve: curveOf("as MySQL answers", points),
  };
}

function slowBar(points: readonly Point[]): Bar {
  const last = points.at(-1);
  return {
    bar: `the same with ${slowMs} ms at each reply of MySQL, as on that evening`,
    line: `one write for many: no error at any number; a write for each: 5XX at ${importers.at(-1)}`,
    measured: told(points),
    met: points.every(({ coalesced }) => coalesced.errors === 0) && (last?.perRequest.errors ?? 0) > 0,
    curve: curveOf(`${slowMs} ms at each reply of MySQL`, points),
  };
}

const told = (points: readonly Point[]): string =>
  points
    .map(
      ({ importers: count, coalesced, perRequest }) =>
        `${count}: ${words(coalesced)} against ${words(perRequest)}`,
    )
    .join("; ");

const words = ({ rate, p99, errors, asked }: Figures): string =>
  `${rate.toFixed(0)}/s, p99 ${p99.toFixed(0)} ms${errors === 0 ? "" : `, ${errors} of ${asked} 5XX`}`;

const curveOf = (title: string, points: readonly Point[]): Curve => ({
  title: `Importers of one table, ${title}`,
  over: "importers",
  measures: { rate: "requests a second", p99: "p99 in ms", errors: "5XX, % of the answers" },
  points: points.flatMap((point) =>
    (["coalesced", "perRequest"] as const).map((side) => {
      const { rate, p99, errors, asked, waiting } = point[side];
      const figures = { rate, p99, errors: (100 * errors) / asked, waiting };
      return { of: names[side], at: point.importers, figures };
    }),
  ),
});
