import { type Fields, fieldsIn, isFields, listIn, own, same } from "../json.ts";
import type { Alternative } from "./view.ts";

/** Alternatives of two schemas, each with the one of the other schema that it became. */
export interface Matched {
  pairs: (readonly [before: Alternative, after: Alternative])[];
  gone: Alternative[];
  come: Alternative[];
}

/** Those that are equal or have the same name first, then those that are most alike. */
export function match(before: readonly Alternative[], after: readonly Alternative[]): Matched {
  const matched: Matched = { pairs: [], gone: [...before], come: [...after] };
  take(matched, (a, b) => a.name === b.name && same(a.keywords, b.keywords));
  take(matched, (a, b) => same(a.keywords, b.keywords));
  take(matched, (a, b) => a.name !== null && a.name === b.name);
  if (matched.gone.length * matched.come.length > mostCompared)
    take(matched, (a, b) => typeOf(a) === typeOf(b) && tagOf(a.keywords) === tagOf(b.keywords));
  else takeAlike(matched);
  return matched;
}

/** After this many comparisons the first alternative of the same kind is taken. */
const mostCompared = 10_000;

function take(matched: Matched, isPair: (a: Alternative, b: Alternative) => boolean): void {
  matched.gone = matched.gone.filter((a) => {
    const i = matched.come.findIndex((b) => isPair(a, b));
    const [b] = i === -1 ? [] : matched.come.splice(i, 1);
    if (b === undefined) return true;
    matched.pairs.push([a, b]);
    return false;
  });
}

function takeAlike(matched: Matched): void {
  const alone = matched.gone.length === 1 && matched.come.length === 1;
  const leaves = new Map([...matched.gone, ...matched.come].map((one) => [one, leavesOf(one.keywords)]));
  const scores = matched.gone
    .flatMap((a) => matched.come.map((b) => ({ a, b, score: alike(a, b, leaves) })))
    .filter(({ a, b, score }) => score > 0 || (alone && tagOf(a.keywords) === tagOf(b.keywords)))
    .toSorted((one, other) => other.score - one.score);
  for (const { a, b } of scores) take(matched, (one, other) => one === a && other === b);
}

const typeOf = ({ keywords }: Alternative): unknown => {
  const type = keywords["type"];
  return type === "integer" ? "number" : type;
};

/** Those of another type, or with another value where each has but one, never belong together: -1. */
function alike(a: Alternative, b: Alternative, leaves: ReadonlyMap<Alternative, Set<string>>): number {
  const [type, other] = [typeOf(a), typeOf(b)];
  if (type !== undefined && other !== undefined && !same(type, other)) return -1;
  const [tag, otherTag] = [tagOf(a.keywords), tagOf(b.keywords)];
  if (tag !== "" && otherTag !== "" && tag !== otherTag) return -1;
  const [first, second] = [leaves.get(a), leaves.get(b)] as [Set<string>, Set<string>];
  const common = [...first].filter((leaf) => second.has(leaf)).length;
  return common / Math.max(1, first.size + second.size - common) + (type === other ? 0.01 : 0);
}

/** The fields of an object with one value each, which tell it from the other alternatives: `type=mysql`. */
function tagOf(keywords: Fields): string {
  const tags = Object.entries(fieldsIn(keywords["properties"])).flatMap(([name, schema]) => {
    const value =
      own(schema, "const") ??
      (listIn(own(schema, "enum")).length === 1 ? listIn(own(schema, "enum"))[0] : undefined);
    return value === undefined ? [] : [`${name}=${JSON.stringify(value)}`];
  });
  return tags.toSorted().join("&");
}

const mostLeaves = 200;

/** A schema's leaves with their places, as far as is needed to tell how much two have in common. */
function leavesOf(keywords: Fields): Set<string> {
  const leaves = new Set<string>();
  const walk = (value: unknown, at: string, depth: number) => {
    if (leaves.size >= mostLeaves) return;
    if (depth < 8 && (isFields(value) || Array.isArray(value)))
      for (const [key, inner] of Object.entries(value)) walk(inner, `${at}/${key}`, depth + 1);
    else leaves.add(`${at}=${JSON.stringify(value)?.slice(0, 100)}`);
  };
  walk(keywords, "", 0);
  return leaves;
}
