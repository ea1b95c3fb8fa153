import { z } from "zod";
import type { Landed } from "../destinations/destination.ts";
import { destinationNames, kindNamed, outputSchemas } from "../destinations/index.ts";
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

/** Scenarios by name. */
export type Scenarios = Readonly<Record<string, Scenario>>;

/** The kind of destination that a scenario delivers to; null for one without. */
export const destinationOf = ({ output }: Pick<Scenario, "output">) =>
  output === null || output.kind === "invalid" ? null : kindNamed(output.kind);

/** What a job's destination must hold once it has ended, with its result delivered or not; null without destination. */
export const expectedAt = (
  scenario: Pick<Scenario, "output"> & { source: SourceTable },
  delivered: boolean,
): Landed | null =>
  destinationOf(scenario)?.expected(scenario.output ?? {}, scenario.source, delivered) ?? null;
