import type { Column } from "../../contracts/values.ts";

/** Something in a warehouse, a destination or the API's database that appeared, disappeared or changed. */
export interface Change {
  /** For the reader: the server, and the thing in it. */
  place: string;
  what: "table" | "destination" | "registration" | "other";
  /** The job whose order names this very place; null where none does. */
  job: number | null;
  before: Content | null;
  after: Content | null;
}

/** What can be seen of a thing; what does not apply to it is absent. */
export interface Content {
  columns?: readonly Column[] | undefined;
  /** Columns of its keys, a text each. */
  keys?: readonly string[] | undefined;
  rows?: number | undefined;
}

/** A thing in the world as it was found. */
export interface Thing {
  what: Change["what"];
  /** Changes whenever the thing does. */
  mark: string;
  content: Content;
}

/** Everything that is somewhere, by its place. */
export type Survey = ReadonlyMap<string, Thing>;

/** The jobs whose orders name a place, and what is there. */
export type Owners = ReadonlyMap<string, { job: number; what: Change["what"] }>;

/** What appeared, disappeared or changed between two surveys. */
export function changesBetween(before: Survey, after: Survey, owners: Owners): Change[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((place): Change[] => {
    const was = before.get(place);
    const is = after.get(place);
    if (was?.mark === is?.mark) return [];
    const owner = owners.get(place);
    return [
      {
        place,
        what: owner?.what ?? is?.what ?? was?.what ?? "other",
        job: owner?.job ?? null,
        before: was?.content ?? null,
        after: is?.content ?? null,
      },
    ];
  });
}

/** The same with what is before the name of every place. */
export const placedIn = (where: string, survey: Survey): Survey =>
  new Map([...survey].map(([place, thing]) => [`${where} ${place}`, thing]));
