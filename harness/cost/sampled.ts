import { median } from "../quantile.ts";
import type { Counters } from "./counters.ts";
import { type Figure, partsOf } from "./figures.ts";
import type { MeasureName } from "./measures.ts";

/** What MySQL does for one call, as figures: the middle of several samples. */
export function figuresOf(of: string, samples: readonly Counters[]): Figure[] {
  const counts = partsOf(samples.map(({ byStatement }) => mapValues(byStatement, ({ count }) => count)));
  const examined = partsOf(
    samples.map(({ byStatement }) => mapValues(byStatement, ({ rowsExamined }) => rowsExamined)),
  );
  const figure = (measure: MeasureName, values: readonly number[], parts: Figure["parts"] = []): Figure => ({
    of,
    measure,
    value: median(values),
    parts,
  });
  const bytes = samples.flatMap(({ bytesWritten }) => bytesWritten ?? []);
  return [
    figure(
      "statements",
      samples.map(({ statements }) => statements),
      counts,
    ),
    figure(
      "rowsExamined",
      samples.map(({ rowsExamined }) => rowsExamined),
      examined,
    ),
    figure(
      "connections",
      samples.map(({ connections }) => connections),
    ),
    figure(
      "bytesRead",
      samples.map(({ bytesRead }) => bytesRead),
      counts,
    ),
    ...(bytes.length < samples.length ? [] : [figure("bytesWritten", bytes, counts)]),
  ];
}

const mapValues = <A, B>(map: ReadonlyMap<string, A>, change: (value: A) => B): Map<string, B> =>
  new Map([...map].map(([key, value]) => [key, change(value)]));
