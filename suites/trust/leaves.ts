/** JSON values with one leaf changed. */

export interface Leaf {
  path: readonly string[];
  value: unknown;
}

/** Every value in a body that has no parts, and every list as a whole. */
export function leavesIn(value: unknown, path: readonly string[] = []): Leaf[] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null) return [{ path, value }];
  const inner = Object.entries(value).flatMap(([key, one]) => leavesIn(one, [...path, key]));
  return Array.isArray(value) ? [{ path, value }, ...inner] : inner;
}

/** Other values in its place: near ones, since far ones are easily seen. */
export function othersOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.length === 0 ? [] : [value.slice(1), [...value, value[0]]];
  if (typeof value === "number") return [value + 1];
  if (typeof value === "boolean") return [!value];
  if (typeof value !== "string") return [1, "x"];
  const number = /^\d+$/.test(value) ? String(Number(value) + 1) : `${value}x`;
  const later = value.replace(/^\d{4}(?=-\d\d-)/, (year) => String(Number(year) + 1));
  return [number, later, value.slice(1)].filter((other) => other !== value);
}

/** A copy of the body with another value at that place. */
export function withLeaf(body: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(body))
    return body.map((one, i) => (String(i) === step ? withLeaf(one, rest, value) : one));
  const fields = body as Record<string, unknown>;
  return { ...fields, [step]: withLeaf(fields[step], rest, value) };
}
