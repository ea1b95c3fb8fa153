import type { Figure, Figures, Part } from "./figures.ts";
import { measureNames, measures, mustBeNothing } from "./measures.ts";

/** The candidate's count may be this many times the deployed one, unless a budget says otherwise. */
export const mostRatio = 1.25;

/** The most that may be counted, by `of: unit`, such as `job.issue: statements`, in the place of the deployed build's. */
export type Budgets = Readonly<Record<string, number>>;

/** One count of both systems. */
export interface Compared {
  of: string;
  unit: string;
  deployed: number;
  candidate: number;
  /** The most that is no regression. */
  most: number;
  /** Whether a budget of the config says so. */
  isBudget: boolean;
  isRed: boolean;
  /** Of a red one: what grew, the most first, with the count of the deployed build behind that of the candidate. */
  grown: readonly { text: string; deployed: number; candidate: number }[];
}

export interface Comparison {
  compared: readonly Compared[];
  /** Counted of one system alone, or of none: nothing is said about them. */
  uncompared: Readonly<Record<string, string>>;
  /** Budgets of what was not counted. */
  unmatched: readonly string[];
}

/** Why a comparison in which nothing is red shows less than it should, a line each. */
export const lacksOf = ({ compared, uncompared, unmatched }: Comparison): string[] => [
  ...(compared.length === 0 ? ["it compared nothing"] : []),
  ...Object.entries(uncompared).map(([what, why]) => `not compared: ${what}: ${why}`),
  ...unmatched.map((key) => `the budget ${JSON.stringify(key)} is for nothing that was counted`),
];

/**
 * With what was counted on neither side: two sides that both leave something out would look alike.
 *
 * @param operations those that both APIs are asked for
 */
export function withUnseen(comparison: Comparison, operations: readonly string[]): Comparison {
  const { compared, uncompared } = comparison;
  const names = compared.filter(({ unit }) => unit === measures.statements.unit).map(({ of }) => of);
  // What a server without a binary log writes is not known.
  const always = measureNames.filter((name) => name !== "bytesWritten").map((name) => measures[name].unit);
  const unseen = [
    ...operations.filter((operation) => !names.some((of) => isCountOf(of, operation))),
    ...always.filter((unit) => !compared.some((one) => one.unit === unit)),
  ];
  const neither = Object.fromEntries(unseen.map((what) => [what, "counted of neither build"]));
  return { ...comparison, uncompared: { ...uncompared, ...neither } };
}

/** Results are counted with the jobs that the workers run, chunks of streaming import by themselves. */
const countedAs: Readonly<Record<string, RegExp>> = {
  "job.result": /^\d+ jobs$/,
  "table.import": /^a chunk of streaming import, /,
  "table.import_with_id": /^a chunk of streaming import, /,
};

const isCountOf = (of: string, operation: string): boolean =>
  countedAs[operation]?.test(of) ?? of.startsWith(`${operation}, call `);

export const keyOf = ({ of, measure }: Pick<Figure, "of" | "measure">): string =>
  `${of}: ${measures[measure].unit}`;

/** The candidate's counts beside those of what is deployed. */
export function compare(deployed: Figures, candidate: Figures, budgets: Budgets): Comparison {
  const before = byKey(deployed);
  const after = byKey(candidate);
  const both = [...after].filter(([key]) => before.has(key));
  const alone = [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => !(before.has(key) && after.has(key)),
  );
  return {
    compared: both.map(([key, figure]) => comparedOf(before.get(key) as Figure, figure, budgets[key])),
    uncompared: {
      ...deployed.uncounted,
      ...candidate.uncounted,
      ...Object.fromEntries(
        alone.map((key) => [key, `counted of the ${before.has(key) ? "deployed" : "candidate"} build alone`]),
      ),
    },
    unmatched: Object.keys(budgets).filter((key) => !after.has(key)),
  };
}

const byKey = ({ figures }: Figures): ReadonlyMap<string, Figure> =>
  new Map(figures.map((figure) => [keyOf(figure), figure]));

function comparedOf(deployed: Figure, candidate: Figure, budget: number | undefined): Compared {
  const { measure, of } = candidate;
  const { unit, slack } = measures[measure];
  const most = budget ?? (mustBeNothing.has(measure) ? 0 : allowed(deployed, slack));
  const isRed = !(candidate.value <= most);
  return {
    of,
    unit,
    deployed: deployed.value,
    candidate: candidate.value,
    most,
    isBudget: budget !== undefined,
    isRed,
    grown: isRed ? grownIn(deployed.parts, candidate.parts) : [],
  };
}

/** Not less than the deployed build had in one of its samples: what a service does of its own accord falls into some of them. */
const allowed = ({ value, upTo = value }: Figure, slack: number): number =>
  Math.max(value * mostRatio, value + slack, upTo);

function grownIn(before: readonly Part[], after: readonly Part[]): Compared["grown"] {
  const was = new Map(before.map(({ text, value }) => [text, value]));
  return after
    .map(({ text, value }) => ({ text, deployed: was.get(text) ?? 0, candidate: value }))
    .filter(({ deployed, candidate }) => candidate > deployed)
    .sort((a, b) => b.candidate - b.deployed - (a.candidate - a.deployed))
    .slice(0, 3);
}
