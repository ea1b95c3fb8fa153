import type { Fields } from "../json.ts";
import { Unreadable } from "../unreadable.ts";
import { type CompareSchemas, here, type SchemaDifference } from "./difference.ts";
import { compareViews } from "./parts.ts";
import { followed } from "./resolve.ts";
import { viewer } from "./view.ts";

/** Schemas within each other that are followed; a tower of references may be higher than the document is deep. */
const deepest = 300;
/** Differences of one schema that are told; a reference in many places multiplies them. */
const mostTold = 200;

interface Compared {
  found: readonly SchemaDifference[];
  /** How deep the pair stands, of those under way, that it leads back to; it is whole where that is none but itself. */
  leadsTo: number;
}

/** Compares schemas of two documents, each pair of them once, wherever it is referred to. */
export function schemaComparer(before: Fields, after: Fields): CompareSchemas {
  const views = [viewer(before), viewer(after)] as const;
  const known = new Map<unknown, Map<unknown, Compared>>();
  /** Pairs whose differences are told in part, because the rest is told where they lead back to. */
  let inPart: (readonly [unknown, unknown])[] = [];
  let depth = 0;
  let leadsTo = Number.POSITIVE_INFINITY;

  const compare: CompareSchemas = (first, second) => {
    // What a reference leads to is one schema, however many refer to it.
    const [a, b] = [referred(before, first), referred(after, second)];
    const done = known.get(a)?.get(b);
    if (done !== undefined) {
      leadsTo = Math.min(leadsTo, done.leadsTo);
      return done.found;
    }
    if (depth >= deepest)
      throw new Unreadable(`schemas at most ${deepest} deep`, "they go deeper", "write them flatter");
    const byOther = known.get(a) ?? new Map<unknown, Compared>();
    known.set(a, byOther);
    byOther.set(b, { found: [], leadsTo: depth });
    const outer = leadsTo;
    leadsTo = Number.POSITIVE_INFINITY;
    depth += 1;
    const found = limited(compareViews(views[0](a), views[1](b), compare));
    depth -= 1;
    const isWhole = leadsTo >= depth;
    byOther.set(b, { found, leadsTo: isWhole ? Number.POSITIVE_INFINITY : leadsTo });
    if (!isWhole) inPart.push([a, b]);
    leadsTo = isWhole ? outer : Math.min(outer, leadsTo);
    if (depth === 0) forgetParts();
    return found;
  };

  /** Whoever asks for such a pair next has not been told the rest. */
  const forgetParts = () => {
    for (const [a, b] of inPart) known.get(a)?.delete(b);
    inPart = [];
  };

  return compare;
}

/** What a schema that is a reference and nothing else leads to. */
const referred = (document: Fields, schema: unknown): unknown =>
  followed(document, schema, (one) => Object.keys(one).length === 1);

function limited(found: readonly SchemaDifference[]): readonly SchemaDifference[] {
  const seen = new Set<string>();
  const distinct = found.filter((one) => {
    const key = JSON.stringify([one.id, one.at, one.told]);
    return !seen.has(key) && seen.add(key);
  });
  return distinct.length <= mostTold
    ? distinct
    : [
        ...distinct.slice(0, mostTold),
        ...here("more-changes", `${distinct.length - mostTold} differences more than are told`),
      ];
}
