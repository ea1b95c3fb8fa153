/** A measured figure beside the line that it should reach. */
export interface Bar {
  bar: string;
  line: string;
  measured: string;
  met: boolean;
  /** Where one figure does not tell it. */
  curve?: Curve;
}

/** Figures over something that grows, with a line for each of those that are held against each other. */
export interface Curve {
  title: string;
  /** What grows. */
  over: string;
  /** What is drawn, by the names of the figures. */
  measures: Readonly<Record<string, string>>;
  points: readonly { of: string; at: number; figures: Readonly<Record<string, number>> }[];
}
