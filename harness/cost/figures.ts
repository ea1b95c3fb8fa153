import { median } from "../quantile.ts";
import type { MeasureName } from "./measures.ts";

/** One count of one system. */
export interface Figure {
  /** What it was counted for: an operation of the API, a job of a worker, ... */
  of: string;
  measure: MeasureName;
  value: number;
  /** The most in any of its samples, where it had several. */
  upTo?: number | undefined;
  /** What it is made up of, the largest part first: statements, or operations that were called. */
  parts: readonly Part[];
}

export interface Part {
  text: string;
  value: number;
}

export const figure = (
  of: string,
  measure: MeasureName,
  value: number,
  parts: Figure["parts"] = [],
): Figure => ({ of, measure, value, parts });

/** All that was counted of one system, and what could not be. */
export interface Figures {
  figures: readonly Figure[];
  /** Why something was not counted, by what. */
  uncounted: Readonly<Record<string, string>>;
}

/** The parts of several samples, each as its median over all of them; those of nothing are left out. */
export function partsOf(samples: readonly ReadonlyMap<string, number>[]): Part[] {
  const texts = new Set(samples.flatMap((sample) => [...sample.keys()]));
  return [...texts]
    .map((text) => ({ text, value: median(samples.map((sample) => sample.get(text) ?? 0)) }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || (a.text < b.text ? -1 : 1));
}
