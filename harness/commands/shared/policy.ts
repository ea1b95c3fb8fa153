import type { Config } from "../../config/config.ts";
import { policyProblems, type SkewPolicy } from "../../config/skew-policy.ts";
import { UsageError } from "../../errors.ts";
import { pageAt } from "../../installation.ts";

/** The skew policy of a config; refuses one that is not there, or names what the config does not have. */
export function usablePolicy(config: Config, file: string): SkewPolicy {
  const { skew } = config;
  if (skew === undefined)
    throw new UsageError(
      `${file}: has no \`skew\`: name the releases that may be live together there (${pageAt("skew.md")})`,
    );
  const problems = policyProblems(skew, config);
  if (problems.length > 0) throw new UsageError([`${file}:`, ...problems].join("\n  "));
  return skew;
}
