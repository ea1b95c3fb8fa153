import fc from "fast-check";

/** Ways to make another text of a JSON document: one small change, most of which nobody would write by hand. */

type Step = string | number;

/** What stands for a value of which the text is not that of any value; no document has it. */
const mark = "\u{10FFFD}raw\u{10FFFD}";

/** The paths to everything in a value, the value itself first. */
export function pathsIn(value: unknown): Step[][] {
  if (typeof value !== "object" || value === null) return [[]];
  const keys: Step[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [
    [],
    ...keys.flatMap((key) => pathsIn((value as Record<Step, unknown>)[key]).map((path) => [key, ...path])),
  ];
}

/** A copy with what `change` makes of the value at that place; undefined: its key is gone. */
export function withAt(value: unknown, path: readonly Step[], change: (before: unknown) => unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  const after = withAt((value as Record<Step, unknown>)[step], rest, change);
  if (Array.isArray(value))
    return after === undefined ? value.toSpliced(Number(step), 1) : value.with(Number(step), after);
  // Not by assignment: a key may be `__proto__`.
  const entries = Object.entries(value as object).filter(([key]) => key !== step || after !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, key === step ? after : inner]));
}

const nested = (depth: number, open: string, close: string): string =>
  open.repeat(depth) + close.repeat(depth);

/** Texts in the place of a value, as they stand in the file. */
const rawValues = fc.oneof(
  fc.constantFrom(
    "null",
    "true",
    "0",
    "-1",
    "1.5",
    "-0",
    "1e400",
    "-1e400",
    "9007199254740993",
    `${"9".repeat(400)}`,
    '""',
    "[]",
    "{}",
    "[[]]",
    '"\\ud800"',
    '"\\u0000"',
    '"\u202e\u001b[2J"'.replace("\u001b", "\\u001b"),
    '"constructor"',
    '"__proto__"',
    '{"__proto__":{"kind":"x"}}',
    '{"toString":null,"valueOf":1}',
    '{"constructor":{"prototype":1},"length":-1}',
    '{"then":1}',
    "NaN",
    "undefined",
    "",
  ),
  fc.constantFrom(50, 199, 5_000).map((depth) => nested(depth, "[", "]")),
  fc.constantFrom(50, 5_000).map((depth) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`),
  fc.constantFrom(2_000, 100_000).map((length) => JSON.stringify("x".repeat(length))),
  fc.string({ unit: "binary", maxLength: 6 }).map((text) => JSON.stringify(text)),
  fc.jsonValue({ maxDepth: 1 }).map((value) => JSON.stringify(value)),
);

/** Keys that a document has not, or has in another sense. */
const oddKeys = ["__proto__", "constructor", "toString", "then", "", "kind", "\u0000", "x".repeat(300)];

/** Changes of a document within its JSON. */
const inside = (document: unknown): fc.Arbitrary<string> => {
  const paths = pathsIn(document);
  const oneOf = (all: readonly Step[][]) => fc.nat(Math.max(0, all.length - 1)).map((at) => all[at] ?? []);
  const place = oneOf(paths);
  const below = paths.filter((path) => path.length > 0);
  const objects = paths.filter((path) => isObject(valueAt(document, path)));
  const print = (value: unknown) => JSON.stringify(value) ?? "";
  const replaced = fc
    .tuple(place, rawValues)
    .map(([path, raw]) => print(withAt(document, path, () => mark)).replace(`"${mark}"`, () => raw));
  const dropped = oneOf(below).map((path) => print(withAt(document, path, () => undefined)));
  const added = fc
    .tuple(oneOf(objects), fc.constantFrom(...oddKeys), rawValues)
    .map(([path, key, raw]) =>
      print(
        withAt(document, path, (before) => (isObject(before) ? { [mark]: 1, ...before } : before)),
      ).replace(`"${mark}":1`, () => `${JSON.stringify(key)}:${raw === "" ? "1" : raw}`),
    );
  // A key that stands there twice, with the same or another value.
  const doubled = fc.tuple(oneOf(objects), fc.nat(), rawValues).map(([path, n, raw]) => {
    const before = valueAt(document, path);
    const keys = isObject(before) ? Object.keys(before) : [];
    const key = keys[n % Math.max(1, keys.length)];
    if (key === undefined) return print(document);
    return print(withAt(document, path, (one) => ({ [mark]: 1, ...(one as object) }))).replace(
      `"${mark}":1`,
      () => `${JSON.stringify(key)}:${raw === "" ? "1" : raw}`,
    );
  });
  const copied = fc
    .tuple(place, place)
    .map(([from, to]) => print(withAt(document, to, () => valueAt(document, from))));
  return fc.oneof(
    { weight: 5, arbitrary: replaced },
    { weight: 2, arbitrary: dropped },
    added,
    doubled,
    copied,
  );
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const valueAt = (value: unknown, path: readonly Step[]): unknown =>
  path.reduce<unknown>((inner, step) => (inner as Record<Step, unknown>)[step], value);

/** Changes of a text, whatever is in it. */
export const around = (text: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.nat(text.length).map((at) => text.slice(0, at)),
    fc
      .tuple(fc.nat(text.length), fc.constantFrom("\0", "\uFEFF", "\ud800", "\n", '"', "{", "]", "\u2028"))
      .map(([at, odd]) => text.slice(0, at) + odd + text.slice(at)),
    fc
      .tuple(fc.nat(text.length), fc.nat(20))
      .map(([at, length]) => text.slice(0, at) + text.slice(at + length)),
    fc.constantFrom(
      `\uFEFF${text}`,
      `\uFEFF\uFEFF${text}`,
      `${text}\0`,
      `${text}${text}`,
      ` ${text}\n\n`,
      `[${text}]`,
      text.replaceAll('"', "'"),
      "",
    ),
  );

/** The documents as they are, and with one change or two. */
export const textsOf = (documents: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  documents.chain((document) => {
    const text = JSON.stringify(document);
    return fc.oneof(
      { weight: 1, arbitrary: fc.constant(text) },
      { weight: 6, arbitrary: inside(document) },
      { weight: 2, arbitrary: around(text) },
      { weight: 1, arbitrary: inside(document).chain(around) },
    );
  });
