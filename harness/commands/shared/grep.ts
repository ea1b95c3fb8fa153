import { UsageError } from "../../errors.ts";

/**
 * Those whose path matches a regular expression.
 *
 * @throws UsageError where it is none, and what `none` makes where no path matches
 */
export function grep<T extends { path: string }>(
  all: readonly T[],
  pattern: string | undefined,
  none: (asked: string) => UsageError,
): readonly T[] {
  if (pattern === undefined) return all;
  const matcher = matcherOf(pattern);
  const found = all.filter(({ path }) => matcher.test(path));
  if (found.length === 0) throw none(`--grep ${pattern}`);
  return found;
}

function matcherOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch {
    throw new UsageError(
      `--grep ${pattern}: is no regular expression; escape what stands for itself with \\`,
    );
  }
}
