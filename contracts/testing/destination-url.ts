import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { DestinationSettings } from "../destination.ts";
import type { WrittenDestination } from "./destinations/written.ts";

/** Destinations made at random, and the URL that a careful customer would write for them: everything escaped. */

const folder = join(import.meta.dirname, "destinations/types");

/** How each type is written, by its name; found by folder, a file a type. */
export const writtenTypes: ReadonlyMap<string, WrittenDestination> = new Map(
  await Promise.all(
    readdirSync(folder).map(async (file) => {
      const module = (await import(join(folder, file))) as { written: WrittenDestination };
      return [file.replace(/\.ts$/, ""), module.written] as const;
    }),
  ),
);

export const anyDestination: fc.Arbitrary<DestinationSettings> = fc.oneof(
  ...[...writtenTypes.values()].map(({ settings }) => settings),
);

export function urlOf(settings: DestinationSettings): string {
  const written = writtenTypes.get(settings.type);
  if (written === undefined)
    throw new Error(`contracts/testing/destinations/types has no file ${settings.type}.ts`);
  return written.urlOf(settings);
}
