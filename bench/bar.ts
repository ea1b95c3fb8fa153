/** A measured figure beside the line that it should reach. */
export interface Bar {
  bar: string;
  line: string;
  measured: string;
  met: boolean;
  /** Where one figure does not tell it. */
  curve?: Curve;
  /** Files that `script/bench --write` keeps beside the table: their text by path. */
  kept?: Readonly<Record<string, string>>;
}

/** Figures over something that grows, with a line for each of those that are held against each other. */
export interface Curve {
  title: string;
  /** What grows. */
  over: string;
  /** What is drawn, by the names of the figures. */
  measures: Readonly<Record<string, string>>;
  /** Both scales, so that a power is a straight line; absent: what grows alone, by powers of two. */
  logarithmic?: true;
  points: readonly Point[];
}

interface Point {
  of: string;
  at: number;
  figures: Readonly<Record<string, number>>;
  /** The least and the most of a figure that is a median. */
  spread?: Readonly<Record<string, readonly [least: number, most: number]>>;
}
