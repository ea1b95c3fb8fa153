import type { Limit } from "../../../contracts/bounds/declared.ts";
import { enginesOf, type Generation } from "../../../contracts/job.ts";
import { emailOf, fieldOf, numbers } from "../../../harness/probe/limits.ts";
import type { Input } from "../../../harness/probe/probe.ts";

/** Where a request is at a limit, or a step beyond it: measured, whoever has made it. */

/** Every value at the place. */
function valuesAt(value: unknown, path: string): unknown[] {
  const [, name, rest = ""] = /^\.?(\w+|\[\d*\])(.*)$/.exec(path) ?? [];
  if (name === undefined) return [value];
  if (typeof value !== "object" || value === null) return [];
  const inner = name === "[]" ? Object.values(value) : [(value as Input)[name.replaceAll(/[[\]]/g, "")]];
  return inner.flatMap((one) => valuesAt(one, rest));
}

/** How much a value is of what the limit is of; undefined where it is nothing of that kind. */
function measured({ of }: Limit, value: unknown): number | undefined {
  if (of === "items") return Array.isArray(value) ? value.length : undefined;
  if (of === "length") return typeof value === "string" ? value.replace(/^-(?=\d)/, "").length : undefined;
  const isNumber = typeof value === "number" || (typeof value === "string" && /^-?\d+$/.test(value));
  return isNumber ? Number(value) : undefined;
}

const measures = (limit: Limit, request: Input): (number | undefined)[] =>
  valuesAt(request, limit.path).map((value) => measured(limit, value));

export const isAt = (limit: Limit, request: Input): boolean =>
  measures(limit, request).some((one) => one !== undefined && isRight(limit, one, limit.bound));

const isRight = ({ of }: Limit, one: number, bound: number) =>
  of === "multiple" ? one % bound === 0 : one === bound;

export function isBeyond(limit: Limit, request: Input): boolean {
  const { of, side, bound } = limit;
  return measures(limit, request).some((one) => {
    if (one === undefined) return false;
    if (of === "multiple") return one % bound !== 0;
    return side === "most" ? one > bound : one < bound;
  });
}

/** A text that nobody else sends. */
const rare = "7";

/** The same request with a value that is allowed in the place of the one beyond, and its answer as if that had been sent. */
export function withLegal(
  limit: Limit,
  request: Input,
): { legal: Input; undone: (reply: unknown) => unknown } {
  let undone = (reply: unknown): unknown => reply;
  const legal = changedAt(request, limit.path, (value) => {
    const other = legalOf(limit, value, request);
    if (typeof value === "string" && typeof other === "string" && other.startsWith(rare))
      undone = (reply) => JSON.parse(JSON.stringify(reply).replaceAll(`"${other}"`, `"${value}"`)) as unknown;
    return other;
  });
  return { legal: legal as Input, undone };
}

function legalOf(limit: Limit, value: unknown, { generation }: Input): unknown {
  const { of, side, bound } = limit;
  if (of === "multiple") return Math.trunc(Number(value) / bound) * bound;
  if (of === "value") return bound;
  if (Array.isArray(value))
    return side === "most" ? value.slice(0, bound) : [...enginesOf[generation as Generation]];
  // No digits are none of them, but of runs there is one at least.
  if (numbers.has(limit.path)) return Number(value) || (limit.path === "num" ? 1 : 0);
  if (["result", "url", "cron", "endpoint"].includes(fieldOf(limit.path)))
    return String(value).slice(0, bound);
  return limit.path === "email" ? emailOf(rare, bound) : rare.repeat(bound);
}

/** The value with what is at the place changed, wherever that is beyond. */
function changedAt(value: unknown, path: string, change: (value: unknown) => unknown): unknown {
  const [, name, rest = ""] = /^\.?(\w+|\[\d*\])(.*)$/.exec(path) ?? [];
  if (name === undefined) return change(value);
  if (name === "[]") return (value as unknown[]).map((one) => changedAt(one, rest, change));
  const key = name.replaceAll(/[[\]]/g, "");
  if (Array.isArray(value))
    return value.map((one, i) => (String(i) === key ? changedAt(one, rest, change) : one));
  return { ...(value as Input), [key]: changedAt((value as Input)[key], rest, change) };
}
