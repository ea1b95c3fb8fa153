import { z } from "zod";
import { type Cluster, clusterOf, type Engine, engines } from "../../contracts/job.ts";
import { jobId, type Row, type Value } from "../../contracts/values.ts";
import type { Landed } from "../destinations/destination.ts";
import { type DestinationName, kindNamed, outputSchemas, serviceKinds } from "../destinations/index.ts";
import type { Schedule } from "./schedule.ts";
import { type SourceTable, sourceSchema } from "./source-table.ts";
import { isFilling, type StatementKind, statementOf, statementSchema } from "./statements.ts";

/** One thing that is tried with every engine: data, checked by this schema. */

/** A destination that the API must refuse, written as it is. */
const invalidOutput = z.strictObject({ kind: z.literal("invalid"), url: z.string() });
const outputKinds = [...outputSchemas, invalidOutput].map(({ shape }) => shape.kind.value);

/** Stands in rows of sources for a value that each run of the query makes anew: nobody knows it beforehand. */
export const freshMark = "{fresh}";

export const hasFresh = ({ rows }: Pick<SourceTable, "rows">): boolean =>
  rows.some((row) => row.includes(freshMark));

const scenarioShape = z.strictObject({
  /** Last part of a cell's path. */
  name: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "is no name for a cell's path: lower-case words joined by hyphens"),
  /** The rows that the query reads, loaded into the account's warehouse before the run. */
  source: sourceSchema,
  statement: statementSchema,
  output: z
    .discriminatedUnion("kind", [...outputSchemas, invalidOutput], {
      error: ({ code }) =>
        code === "invalid_union" ? `expected one of ${outputKinds.join(", ")}` : undefined,
    })
    .nullable(),
  /** The engines that it is tried with; all of them where none is named. */
  engines: z.array(z.enum(engines)).min(1).readonly().optional(),
  /** The job's id is this one or a later one, where the config says how the service is brought to that. */
  idFrom: jobId.optional(),
  /** Its query reads alike in every job, so that no two may be taken for one by their text. */
  alike: z.literal(true).optional(),
  /** Its customer has had the same delivered to the same place before it, by a job of its own. */
  twice: z.literal(true).optional(),
  /** Nobody asks for its job: that of a scheduled query comes by itself, at its due time. */
  due: z.literal(true).optional(),
  /** How often a query that has failed is tried again; 0 where it is absent. */
  retryLimit: z.int().min(0).max(10).optional(),
  /** How the job must end; `refused` means that the API must not accept it. */
  ending: z.enum(["success", "error", "killed", "refused"]),
  /** One sentence for the reader of a red cell: what should have happened. */
  promise: z.string().min(1),
});
export type Scenario = z.output<typeof scenarioShape>;
export type Output = NonNullable<Scenario["output"]>;

export const scenarioSchema = scenarioShape
  .refine(({ alike, statement }) => alike === undefined || statementOf(statement).effect === "none", {
    path: ["alike"],
    error: "a statement that fills a table names it, so that no two can read alike",
  })
  .refine(({ retryLimit, statement }) => retryLimit === undefined || isQuery(statement), {
    path: ["retryLimit"],
    error: "only a query that its customer orders has one",
  })
  .refine(({ due, statement }) => due === undefined || statement.kind === "scheduled-query", {
    path: ["due"],
    error: "only a scheduled query has due times",
  })
  .refine(({ due, output }) => due === undefined || output === null, {
    path: ["due"],
    error:
      "it is due each minute, and how often in a run is not known: with a destination, neither is what arrives there",
  })
  .refine((scenario) => scenario.twice === undefined || destinationOf(scenario) !== null, {
    path: ["twice"],
    error: "only what goes to a destination can be delivered there twice",
  })
  .refine((scenario) => (loadsOf(scenario) === undefined) === (holdingOf(scenario) === undefined), {
    path: ["output"],
    error: "a load reads at an output that holds what it reads, and nothing else is delivered there",
  })
  .refine(({ twice, alike }) => twice === undefined || alike === undefined, {
    path: ["twice"],
    error:
      "the job before it has a query that names none, as alike ones have: the two could not be told apart",
  })
  .refine(({ twice, source }) => twice === undefined || !hasFresh(source), {
    path: ["twice"],
    error: `values made by the run of a query (${freshMark}) are others each time, and nobody reads those of the first`,
  })
  .refine(({ source, statement }) => !hasFresh(source) || statementOf(statement).result !== "none", {
    path: ["source", "rows"],
    error: `values made by the run of a query (${freshMark}) are known from its result alone, and this statement has none`,
  })
  .refine((scenario) => !isOfRecords(scenario) || scenario.source.columns.some(isTime), {
    path: ["source", "columns"],
    error: "records of a table of the service have a time: a column time of bigint is needed",
  });

/** What an output holds for its job to read. */
const holdingOf = ({ output }: Pick<Scenario, "output">) =>
  output?.kind === "s3" ? output.holds : undefined;

const isQuery = (statement: Scenario["statement"]): boolean =>
  ["job.issue", "scheduled_query.run"].includes(statementOf(statement).orderedBy);

/** Stands in texts of sources for the customer: rows of two customers under one name so differ. */
const customerMark = "{customer}";
const ofCustomers = new WeakMap<Scenario, Map<Cluster, Scenario>>();

/** The scenario with the rows that this customer has; the same object each time. */
export function scenarioFor(scenario: Scenario, cluster: Cluster): Scenario {
  const known = ofCustomers.get(scenario) ?? new Map<Cluster, Scenario>();
  ofCustomers.set(scenario, known);
  const tailored = known.get(cluster) ?? tailor(scenario, cluster);
  known.set(cluster, tailored);
  return tailored;
}

function tailor(scenario: Scenario, cluster: Cluster): Scenario {
  const { source } = scenario;
  const { reads } = source;
  const isMarked = (value: Value) => typeof value === "string" && value.includes(customerMark);
  if (!isMarked(reads ?? null) && !source.rows.some((row) => row.some(isMarked))) return scenario;
  const valueOf = <Given extends Value>(value: Given) =>
    typeof value === "string" ? value.replaceAll(customerMark, cluster) : value;
  return {
    ...scenario,
    source: {
      ...source,
      rows: source.rows.map((row) => row.map(valueOf)),
      ...(reads === undefined ? {} : { reads: valueOf(reads) }),
    },
  };
}

/** Whether a scenario is tried with an engine. */
export const isFor = ({ engines: wanted }: Pick<Scenario, "engines">, engine: Engine): boolean =>
  wanted?.includes(engine) ?? true;

/**
 * The scenario with the values that one run of its query made, as they stand in the result that its customer read, or where
 * there is none in what was delivered: that they are the same everywhere else is then a comparison like any other. What
 * `others` made is not its own.
 */
export function settled(
  scenario: Scenario,
  found: readonly Row[] | null | undefined,
  others: ReadonlySet<Value> = new Set(),
): Scenario {
  const { source } = scenario;
  if (!found || !hasFresh(source)) return scenario;
  const isOwn = (value: Value, made: Value | undefined): made is string =>
    value === freshMark && isMadeByRun(made) && !others.has(made);
  // A table has no order, and rows of before beside those of the job.
  const isLike = (row: Row, made: Row): boolean =>
    row.every((value, i) => value === made[i] || isOwn(value, made[i]));
  const rows = source.rows.map((row, i) => {
    const made =
      found[i] && isLike(row, found[i]) ? found[i] : (found.find((one) => isLike(row, one)) ?? found[i]);
    return row.map((value, j) => (isOwn(value, made?.[j]) ? (made?.[j] as Value) : value));
  });
  return { ...scenario, source: { ...source, rows } };
}

/** The values that runs of queries made and that stand in more than one of these results. */
export function sharedFresh(results: readonly (readonly Row[])[]): Set<Value> {
  const made = results.flatMap((rows) => [...new Set(rows.flat().filter(isMadeByRun))]);
  return new Set(made.filter((value, i) => made.indexOf(value) !== i));
}

const isMadeByRun = (value: Value | undefined): value is string =>
  typeof value === "string" && isFresh.test(value);

/** What `UUID()` gives. */
const isFresh = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Scenarios by name. */
export type Scenarios = Readonly<Record<string, Scenario>>;

/** The scenario of a job of the workload, from 1, with its customer's rows; undefined where it is not known. */
export function scenarioOfNumber(
  { workload }: Schedule,
  scenarios: Scenarios,
  number: number,
): Scenario | undefined {
  const job = workload.jobs[number - 1];
  const scenario = job === undefined ? undefined : scenarios[job.scenario];
  return job === undefined || scenario === undefined
    ? undefined
    : scenarioFor(scenario, clusterOf(job.engine));
}

/** The kind of destination with a server of its own to which a scenario delivers; null where there is none. */
export const destinationNameOf = ({ output }: Pick<Scenario, "output">): DestinationName | null =>
  output === null || output.kind === "invalid" || output.kind === "td" ? null : output.kind;

/** The kind of table in the service itself to which a scenario delivers; null where it delivers to none. */
export const serviceTableOf = ({ output }: Pick<Scenario, "output">) =>
  output?.kind === "td" ? serviceKinds.td : null;

/** The kind of destination that a scenario delivers to; null for one without. */
export const destinationOf = (scenario: Pick<Scenario, "output">) => {
  const name = destinationNameOf(scenario);
  return name === null ? serviceTableOf(scenario) : kindNamed(name);
};

/** What comes of a job in the warehouse, by its statement or by where its result goes. */
export const tableUseOf = ({
  statement,
  output,
}: Pick<Scenario, "statement" | "output">): Pick<StatementKind, "effect" | "registeredBy"> =>
  serviceTableOf({ output }) === null
    ? statementOf(statement)
    : { effect: "streams", registeredBy: "customer" };

/** Whether the rows of its source are records that stand in a table with their time. */
const isOfRecords = (scenario: Pick<Scenario, "statement" | "output">): boolean =>
  ["streams", "deletes", "keeps"].includes(tableUseOf(scenario).effect);

const isTime = ([name, type]: readonly [string, string]): boolean => name === "time" && type === "bigint";

/** What stands in the table that a job names before it is ordered; undefined where that is not there. */
export function rowsBefore(scenario: Effective): readonly Row[] | undefined {
  const kind = tableUseOf(scenario);
  if (kind.effect === "deletes" || kind.effect === "keeps") return scenario.source.rows;
  if (isFilling(kind)) return loadsOf(scenario) === undefined ? [] : rowsOfBefore(scenario);
  return undefined;
}

/** What stands in it once the job is a success. */
export function rowsAfter({ statement, source }: Effective): readonly Row[] {
  const { effect, loads } = statementOf(statement);
  if (effect === "deletes")
    return source.rows.filter((row) => !wantedRows({ statement, source }).includes(row));
  return loads === "append" ? [...rowsOfBefore({ source }), ...source.rows] : source.rows;
}

/** How a job loads what it reads from outside; undefined for any other job. */
export const loadsOf = ({ statement }: Pick<Scenario, "statement">) => statementOf(statement).loads;

/** What a table has before a load: rows that come again with it, and one that does not. */
const rowsOfBefore = ({ source: { columns, rows } }: Pick<Scenario, "source">): readonly Row[] => [
  ...rows.slice(0, 2),
  columns.map(() => null),
];

/** The rows that its order means: those of its range, where it has one. */
export const wantedRows = ({
  statement,
  source,
}: Pick<Effective, "statement" | "source">): readonly Row[] => {
  const { range } = statementOf(statement);
  return range === undefined ? source.rows : source.rows.filter((row) => isIn(range, source, row));
};

/** The rows that its receipt is of: a load tells all that it has read, as it has read it. */
export function carriedRows(scenario: Effective): readonly Row[] {
  const name = loadsOf(scenario) === undefined ? null : destinationNameOf(scenario);
  return (name === null ? undefined : kindNamed(name).asRead?.(scenario.source)) ?? wantedRows(scenario);
}

/** How many records its success tells: those that it gives, adds, deletes or exports. */
export const recordsOf = (scenario: Effective): number => wantedRows(scenario).length;

type Effective = Pick<Scenario, "statement" | "source" | "output">;

function isIn(
  { from, to }: NonNullable<StatementKind["range"]>,
  { columns }: SourceTable,
  row: Row,
): boolean {
  const time = Number(row[columns.findIndex(([name]) => name === "time")] ?? NaN);
  return time >= from && time < to;
}

/** Whether its destination refuses, for good, the rows that it is sent. */
export const isRefused = ({ output, source }: Pick<Scenario, "output" | "source">): boolean =>
  destinationOf({ output })?.refuses?.(output ?? {}, source) ?? false;

/** What a job's destination must hold once it has ended, with its result delivered or not; null without destination. */
export function expectedAt(
  scenario: Pick<Scenario, "statement" | "output" | "source" | "twice">,
  delivered: boolean,
): Landed | null {
  const { output, source, twice } = scenario;
  const given = { ...source, rows: wantedRows(scenario) };
  if (loadsOf(scenario) !== undefined)
    return destinationOf(scenario)?.after(output ?? {}, source, []) ?? null;
  const isDelivered = delivered && !isRefused({ output, source });
  const deliveries = [...(twice ? [given] : []), ...(isDelivered ? [given] : [])];
  return destinationOf(scenario)?.after(output ?? {}, source, deliveries) ?? null;
}
