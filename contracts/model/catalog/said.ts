import { fieldsIn, type ModelCall, wrong } from "../call.ts";
import type { Known } from "./names.ts";

/** Whether the answer to a call about names is as it can be; in words why not, null where it is. */
export type Ask = (call: ModelCall, known: Known) => string | null;

/** What was made or moved is said to be what was asked for, under the name that it has now. */
export function echoProblem(call: ModelCall): string | null {
  const { new_name, first, second } = call.request;
  const named = { ...call.request, table1: first, table2: second };
  const asked: Record<string, unknown> = new_name === undefined ? named : { ...named, table: new_name };
  for (const field of ["database", "table", "table1", "table2"]) {
    const problem = field in fieldsIn(call.reply) ? unlike(call, field, asked[field]) : null;
    if (problem !== null) return problem;
  }
  return null;
}

export const unlike = ({ reply }: ModelCall, field: string, asked: unknown): string | null =>
  fieldsIn(reply)[field] === asked ? null : wrong(field, asked, fieldsIn(reply)[field]);
