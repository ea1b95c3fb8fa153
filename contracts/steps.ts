import type { Operation } from "./operation.ts";
import { operations } from "./operations.ts";
import type { Meaning, Step, StepCall, StepFacts } from "./step.ts";

const meanings = new Map(
  Object.entries(operations).map(([id, { meaning }]: [string, Operation]) => [id, meaning] as const),
);

/** What an operation means in a job's life; undefined for one that means nothing there, or is in no contract. */
export const meaningOf = (operation: string | null): Meaning | undefined =>
  operation === null ? undefined : meanings.get(operation);

/** The step that an operation is; undefined for one that means nothing in a job's life, or is in no contract. */
export const stepOf = (operation: string | null): Step | undefined => meaningOf(operation)?.step;

const nothing: StepFacts = {};

/** What a call of an operation says of a job. */
export const factsOf = (operation: string | null, call: StepCall): StepFacts =>
  meaningOf(operation)?.facts(call) ?? nothing;
