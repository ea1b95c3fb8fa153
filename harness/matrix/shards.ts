import { UsageError } from "../errors.ts";
import type { Probe } from "../schedule/schedule.ts";
import type { Cell } from "./cell.ts";

/** A matrix that several machines run: the same cells and weights make the same shards everywhere. */
export interface Shard {
  /** From 1. */
  index: number;
  of: number;
}

export const mostShards = 100;

/** `2/4`, the second of four; `flag` is what it was given to. */
export function parseShard(text: string, flag = "--shard"): Shard {
  const [, index, of] = /^(\d{1,3})\/(\d{1,3})$/.exec(text)?.map(Number) ?? [];
  if (index === undefined || of === undefined || index < 1 || index > of || of > mostShards)
    throw new UsageError(`${flag} ${text}: expected i/n, with i from 1 to n and n at most ${mostShards}`);
  return { index, of };
}

export const printShard = ({ index, of }: Shard): string => `${index}/${of}`;

/** How long a cell took, by its path without the release; any unit. */
export type Weights = ReadonlyMap<string, number>;

/** The path without the release of the API. */
export const cellName = ({ path }: Pick<Cell, "path">): string => path.slice(path.indexOf("/") + 1);

/**
 * Deals cells out: the longest first, each to the shard that has least to do. What is equally long goes round, engine by
 * engine, so that every shard has jobs of each.
 */
export function shardsOf(cells: readonly Cell[], of: number, weights: Weights = new Map()): Cell[][] {
  if (of > cells.length)
    throw new UsageError(`${of} shards of ${cells.length} cells: a shard without a cell would show nothing`);
  const known = [...weights.values()];
  const usual = known.length === 0 ? 1 : known.reduce((all, one) => all + one, 0) / known.length;
  const weightOf = (cell: Cell) => weights.get(cellName(cell)) ?? usual;
  const order = cells.toSorted(
    (a, b) => weightOf(b) - weightOf(a) || compare(a.engine, b.engine) || compare(a.path, b.path),
  );
  const shards = Array.from({ length: of }, () => ({ cells: [] as Cell[], load: 0 }));
  for (const cell of order) {
    const least = shards.reduce((a, b) =>
      b.load < a.load || (b.load === a.load && b.cells.length < a.cells.length) ? b : a,
    );
    least.cells.push(cell);
    least.load += weightOf(cell);
  }
  // In the order in which the whole matrix has them.
  return shards.map((shard) => cells.filter((cell) => shard.cells.includes(cell)));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The parts of a matrix are one only where the jobs of each live alike: what does not depend on its cells is asked once, by the
 * first.
 */
export const probeOf = ({ index }: Shard): Probe => (index === 1 ? true : ["lives"]);
