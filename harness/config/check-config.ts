import type { z } from "zod";
import { reasonOf } from "../errors.ts";
import { type Config, configSchema } from "./config.ts";
import { crossChecks } from "./cross-checks.ts";
import { placeIn } from "./place.ts";

export type CheckedConfig = { ok: true; config: Config } | { ok: false; problems: string[] };

/** Checks what a config file's function returned; a problem names its place. Throws at nothing. */
export function checkConfig(written: unknown): CheckedConfig {
  try {
    const result = configSchema.safeParse(written, { reportInput: true });
    const problems = result.success
      ? crossChecks(result.data)
      : result.error.issues.flatMap((issue) => issueLines(written, issue, []));
    return result.success && problems.length === 0
      ? { ok: true, config: result.data }
      : { ok: false, problems: firstOf(problems) };
  } catch (error) {
    // Getters and proxies run code of the config's own.
    return { ok: false, problems: [`the config: cannot be read: ${reasonOf(error)}`] };
  }
}

const mostTold = 20;

/** One key that holds the wrong list can make thousands. */
const firstOf = (problems: readonly string[]): string[] => {
  const more = problems.length - mostTold;
  return [...problems.slice(0, mostTold), ...(more > 0 ? [`and ${more} more`] : [])];
};

type Issue = z.core.$ZodIssue;

/** A union's own message says nothing: the alternative that came nearest has the true problem. */
function issueLines(written: unknown, issue: Issue, outer: readonly PropertyKey[]): string[] {
  const path = [...outer, ...issue.path];
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const weight = (issues: Issue[]) => issues.reduce((sum, each) => sum + distance(each), 0);
    const nearest = [...issue.errors].sort((a, b) => weight(a) - weight(b))[0] as Issue[];
    return nearest.flatMap((inner) => issueLines(written, inner, path));
  }
  return [`${placeIn(written, path)}: ${issue.message}`];
}

/** Weights of an issue in an alternative: a missing key 3, a wrong value 2, an unknown key 1. */
function distance({ code, input }: Issue): number {
  if (code === "unrecognized_keys") return 1;
  return input === undefined ? 3 : 2;
}
