import { quantile } from "../quantile.ts";
import type { Counters } from "./counters.ts";
import { type Figure, figure, partsOf } from "./figures.ts";
import type { MeasureName } from "./measures.ts";

/** How often a call is counted; before that it is made once uncounted, since what is new costs more. */
export const samplesOfCall = 5;

/**
 * What MySQL does for one call, as figures, of several samples: one of the lower ones, since a service does more at times of
 * its own accord, such as a look for work that falls into a call, and never less.
 */
export function figuresOf(of: string, samples: readonly Counters[]): Figure[] {
  const counts = partsOf(samples.map(({ byStatement }) => mapValues(byStatement, ({ count }) => count)));
  const examined = partsOf(
    samples.map(({ byStatement }) => mapValues(byStatement, ({ rowsExamined }) => rowsExamined)),
  );
  const middle = (measure: MeasureName, values: readonly number[], parts?: Figure["parts"]): Figure => ({
    ...figure(of, measure, quantile(values, 0.25), parts),
    upTo: Math.max(...values),
  });
  const bytes = samples.flatMap(({ bytesWritten }) => bytesWritten ?? []);
  return [
    middle(
      "statements",
      samples.map(({ statements }) => statements),
      counts,
    ),
    middle(
      "rowsExamined",
      samples.map(({ rowsExamined }) => rowsExamined),
      examined,
    ),
    middle(
      "connections",
      samples.map(({ connections }) => connections),
    ),
    middle(
      "bytesRead",
      samples.map(({ bytesRead }) => bytesRead),
      counts,
    ),
    ...(bytes.length < samples.length ? [] : [middle("bytesWritten", bytes, counts)]),
  ];
}

const mapValues = <A, B>(map: ReadonlyMap<string, A>, change: (value: A) => B): Map<string, B> =>
  new Map([...map].map(([key, value]) => [key, change(value)]));
