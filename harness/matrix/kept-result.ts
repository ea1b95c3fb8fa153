import { z } from "zod";
import { verdicts } from "../verdict.ts";
import type { RunResult } from "./result.ts";

/** `result.json` of a run of the matrix, read again: all that a later command takes from it. */

const version = 2 satisfies RunResult["schema"];

const keptResult = z.object({
  schema: z.literal(version),
  runId: z.string(),
  api: z.string(),
  database: z.string().optional(),
  verdict: z.enum(verdicts).optional(),
  cells: z
    .array(
      z.object({
        path: z.string(),
        verdict: z.enum(verdicts),
        violations: z.array(z.object({ invariant: z.string() })),
        millis: z.number().min(0),
      }),
    )
    .min(1),
  loose: z.array(z.string()).default([]),
});
export type KeptResult = z.output<typeof keptResult>;

/** What such a file holds: a result, or why it cannot be read; null where it is no result. */
export function readResult(value: unknown): KeptResult | { problem: string } | null {
  const result = keptResult.safeParse(value);
  if (result.success) return result.data;
  const { schema, runId, cells } = Object(value) as Record<string, unknown>;
  if (typeof schema !== "number" || schema === version || typeof runId !== "string" || !Array.isArray(cells))
    return null;
  const [age, next] =
    schema < version
      ? ["an older", "run again with this one"]
      : ["a newer", "take the newer one, or run again with this one"];
  return {
    problem: `schema: ${schema} is the result of ${age} Interlock; this one reads ${version}: ${next}`,
  };
}
