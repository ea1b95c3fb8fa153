import { z } from "zod";
import { rows } from "../../contracts/values.ts";
import type { Landed } from "../destinations/destination.ts";
import { destinationNames, kindNamed, outputSchemas } from "../destinations/index.ts";
import { statementSchema } from "./statements.ts";

/** One thing that is tried with every engine: data, checked by this schema. */

const column = z.tuple([z.string().min(1), z.enum(["bigint", "double", "string"])]);

const source = z
  .strictObject({
    /** Name of the table in the customer's warehouse. */
    name: z.string().regex(/^[a-z0-9_]{3,64}$/),
    columns: z.array(column).min(1).readonly(),
    rows,
  })
  .superRefine(({ columns, rows: given }, context) => {
    const wrong = given.findIndex((row) => row.length !== columns.length);
    if (wrong === -1) return;
    const message = `expected one value for each of the ${columns.length} columns`;
    context.addIssue({ code: "custom", path: ["rows", wrong], message, input: given[wrong] });
  });
export type SourceTable = z.output<typeof source>;

/** A destination that the API must refuse, written as it is. */
const invalidOutput = z.strictObject({ kind: z.literal("invalid"), url: z.string() });
const outputKinds = [...destinationNames, "invalid"];

export const scenarioSchema = z.strictObject({
  /** Last part of a cell's path. */
  name: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "is no name for a cell's path: lower-case words joined by hyphens"),
  /** The rows that the query reads, loaded into the account's warehouse before the run. */
  source,
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
  scenario: Pick<Scenario, "output" | "source">,
  delivered: boolean,
): Landed | null =>
  destinationOf(scenario)?.expected(scenario.output ?? {}, scenario.source, delivered) ?? null;
