import { same } from "../json.ts";
import type { SchemaDifference } from "./difference.ts";

/** The same differences, with a field that is gone and one of its name and schema that is new as one that was moved. */
export function withMoved(found: readonly SchemaDifference[]): readonly SchemaDifference[] {
  const come = found.filter(({ id }) => id.includes("field-added"));
  const moves = new Map<SchemaDifference, SchemaDifference>();
  for (const gone of found.filter(({ id }) => id === "field-removed")) {
    const to = come.find(
      (one) =>
        one.at.at(-1) === gone.at.at(-1) &&
        same(one.schema, gone.schema) &&
        ![...moves.values()].includes(one),
    );
    if (to !== undefined) moves.set(gone, to);
  }
  const arrived = new Set(moves.values());
  return found
    .filter((one) => !arrived.has(one))
    .map((one) => {
      const to = moves.get(one);
      return to === undefined
        ? one
        : { ...one, id: "field-moved" as const, told: `is now ${to.at.join(".")}, which is ${to.told}` };
    });
}
