import { z } from "zod";
import { type Cluster, clusterOf } from "../../contracts/job.ts";
import type { Value } from "../../contracts/values.ts";
import type { Landed } from "../destinations/destination.ts";
import { destinationNames, kindNamed, outputSchemas } from "../destinations/index.ts";
import type { Schedule } from "./schedule.ts";
import { type SourceTable, sourceSchema } from "./source-table.ts";
import { statementSchema } from "./statements.ts";

/** One thing that is tried with every engine: data, checked by this schema. */

/** A destination that the API must refuse, written as it is. */
const invalidOutput = z.strictObject({ kind: z.literal("invalid"), url: z.string() });
const outputKinds = [...destinationNames, "invalid"];

export const scenarioSchema = z.strictObject({
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
  /** How the job must end; `refused` means that the API must not accept it. */
  ending: z.enum(["success", "error", "killed", "refused"]),
  /** One sentence for the reader of a red cell: what should have happened. */
  promise: z.string().min(1),
});
export type Scenario = z.output<typeof scenarioSchema>;
export type Output = NonNullable<Scenario["output"]>;

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
  const isMarked = (value: Value) => typeof value === "string" && value.includes(customerMark);
  if (!source.rows.some((row) => row.some(isMarked))) return scenario;
  const valueOf = (value: Value): Value =>
    typeof value === "string" ? value.replaceAll(customerMark, cluster) : value;
  return { ...scenario, source: { ...source, rows: source.rows.map((row) => row.map(valueOf)) } };
}

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

/** The kind of destination that a scenario delivers to; null for one without. */
export const destinationOf = ({ output }: Pick<Scenario, "output">) =>
  output === null || output.kind === "invalid" ? null : kindNamed(output.kind);

/** What a job's destination must hold once it has ended, with its result delivered or not; null without destination. */
export const expectedAt = (
  scenario: Pick<Scenario, "output"> & { source: SourceTable },
  delivered: boolean,
): Landed | null =>
  destinationOf(scenario)?.expected(scenario.output ?? {}, scenario.source, delivered) ?? null;
