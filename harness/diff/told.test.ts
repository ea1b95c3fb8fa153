import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anOpenApi, aSet, found, ids } from "./testing/edited.ts";
import { Unreadable } from "./unreadable.ts";

/** No difference is passed over, whatever it is: a document that was changed anywhere is never the same. */

type Step = string | number;
type Holder = Record<Step, unknown>;

function* placesIn(value: unknown, at: readonly Step[] = []): Generator<readonly Step[]> {
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value)) {
    yield [...at, key];
    yield* placesIn((value as Holder)[key], [...at, key]);
  }
}

const another = (value: unknown): unknown => {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (Array.isArray(value)) return [...value, "added"];
  if (typeof value === "object" && value !== null) return { ...value, added: {} };
  return `${String(value)}x`;
};

function changed(document: unknown, place: readonly Step[], isRemoved: boolean): unknown {
  const copy = structuredClone(document);
  const holder = place.slice(0, -1).reduce<unknown>((at, step) => (at as Holder)[step], copy) as Holder;
  const key = place.at(-1) as Step;
  if (!isRemoved) holder[key] = another(holder[key]);
  else if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
  return copy;
}

/** The ids that are told; that a document cannot be read is told as well. */
function toldOf(before: unknown, after: unknown): string[] {
  try {
    return ids(found(before, after));
  } catch (error) {
    if (error instanceof Unreadable) return [error.expected];
    throw error;
  }
}

describe.each([
  ["contract set", aSet()],
  ["OpenAPI document", anOpenApi()],
])("of a %s", (_, document) => {
  const places = [...placesIn(document)];

  test("any place that is changed or taken out is told, or the document cannot be read", () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.boolean(), (place, isRemoved) => {
        const after = changed(document, place, isRemoved);
        expect(toldOf(document, after)).not.toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
