import type { z } from "zod";

/** The limits that a schema of an input declares, read out of it: whoever asks at them types none of them again. */

export interface Limit {
  /** A field, or a place within it: `engines[]` is each of a list, `schema[][0]` the first of each of its tuples. */
  path: string;
  of: "length" | "value" | "items" | "multiple";
  /** Beyond the least is less of it, and beyond the most is more; a multiple has no other side. */
  side: "least" | "most";
  bound: number;
}

/** What this reads of a zod schema. */
interface Definition {
  type: string;
  check?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  value?: number;
  inclusive?: boolean;
  pattern?: RegExp;
  checks?: readonly { _zod: { def: Definition } }[];
  shape?: Readonly<Record<string, z.ZodType>>;
  in?: z.ZodType;
  out?: z.ZodType;
  innerType?: z.ZodType;
  element?: z.ZodType;
  options?: readonly z.ZodType[];
  items?: readonly z.ZodType[];
}

const definitionOf = (schema: z.ZodType): Definition => schema._zod.def as unknown as Definition;

/** The tightest of each kind at each place; of a list or a text the least is left out where that is nothing at all. */
export function limitsOf(schema: z.ZodType): Limit[] {
  const tightest = new Map<string, Limit>();
  for (const limit of limitsAt(schema, "")) {
    const key = `${limit.path} ${limit.of} ${limit.side}`;
    const other = tightest.get(key);
    const isTighter =
      limit.side === "least"
        ? limit.bound > (other?.bound ?? -Infinity)
        : limit.bound < (other?.bound ?? Infinity);
    if (isTighter) tightest.set(key, limit);
  }
  return [...tightest.values()].filter(
    ({ of, side, bound }) => of === "value" || side === "most" || bound > 0,
  );
}

function limitsAt(schema: z.ZodType, path: string): Limit[] {
  const { shape, in: before, out, innerType, element, options, items, ...own } = definitionOf(schema);
  const fields = Object.entries(shape ?? {}).map(
    ([name, field]) => [path === "" ? name : `${path}.${name}`, field] as const,
  );
  const places = (items ?? []).map((item, i) => [`${path}[${i}]`, item] as const);
  const same = [before, out, innerType, ...(options ?? [])].filter((one) => one !== undefined);
  return [
    ...ownLimits(own, path),
    ...[...fields, ...places].flatMap(([at, inner]) => limitsAt(inner, at)),
    ...same.flatMap((inner) => limitsAt(inner, path)),
    ...(element === undefined ? [] : limitsAt(element, `${path}[]`)),
  ];
}

function ownLimits(own: Definition, path: string): Limit[] {
  const checks = [own, ...(own.checks ?? []).map(({ _zod }) => _zod.def)];
  return checks.flatMap((check): Limit[] => {
    const { least, most, of } = boundsIn(check, own.type);
    return [
      ...(least === undefined ? [] : [{ path, of, side: "least", bound: least } as const]),
      ...(most === undefined ? [] : [{ path, of, side: "most", bound: most } as const]),
    ];
  });
}

interface Bounds {
  of: Limit["of"];
  least?: number | undefined;
  most?: number | undefined;
}

/** Integers alone have limits of value here. */
function boundsIn(
  { check, format, minimum, maximum, value = 0, inclusive, pattern }: Definition,
  type: string,
): Bounds {
  const of = type === "array" ? "items" : "length";
  switch (check) {
    case "min_length":
      return { of, least: minimum };
    case "max_length":
      return { of, most: maximum };
    case "greater_than":
      return { of: "value", least: inclusive === true ? value : value + 1 };
    case "less_than":
      return { of: "value", most: inclusive === true ? value : value - 1 };
    case "multiple_of":
      return { of: "multiple", most: value };
    case "number_format":
      return { of: "value", least: Number.MIN_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER };
    case "string_format":
      return format === "regex" && pattern !== undefined ? lengthsOf(pattern) : { of };
    default:
      return { of };
  }
}

/** One sign, and how often: a class, an escape or a sign by itself. */
const piece = /(?:\[[^\]]*\]|\\.|[^\\[\](){}|*+?.^$])(?:\{(\d+)(?:,(\d+))?\}|(\?))?/gy;

/**
 * How long a text is that matches, of a pattern of one sign behind the other; whatever else it holds is an error here. A
 * sign that may be left out, as that of a number, is not counted.
 */
function lengthsOf({ source }: RegExp): Bounds {
  const inner = /^\^(.*)\$$/.exec(source)?.[1];
  const pieces = [...(inner ?? "").matchAll(piece)];
  if (pieces.map(([whole]) => whole).join("") !== inner)
    throw new Error(`no lengths can be read out of ${source}`);
  const counts = pieces
    .filter(([, , , perhaps]) => perhaps === undefined)
    .map(([, least, most]) => ({ least: Number(least ?? 1), most: Number(most ?? least ?? 1) }));
  const sum = (of: "least" | "most") => counts.reduce((total, count) => total + count[of], 0);
  return { of: "length", least: sum("least"), most: sum("most") };
}
