/**
 * Jobs that a customer orders otherwise than by a query: the service words what a worker is to do. Each is of one type, by
 * which its customer is shown it, and has one wording; a value stands for each name in braces.
 */
export const wordings = {
  bulk_import_perform: "BULK IMPORT PERFORM {session} INTO {table}",
  bulk_import_commit: "BULK IMPORT COMMIT {session} INTO {table}",
  partialdelete: "DELETE FROM {table} WHERE time >= {from} AND time < {to}",
  export: "EXPORT {table} WHERE time >= {from} AND time < {to}",
  bulkload: "LOAD INTO {table} MODE {mode}",
  result_export: "RESULT EXPORT OF JOB {job}",
} as const satisfies Readonly<Record<string, string>>;

/** How records come into a table that has some: beside them, or in their place. */
export const loadModes = ["append", "replace"] as const;
export type LoadMode = (typeof loadModes)[number];

export type WordedType = keyof typeof wordings;
export const wordedTypes = Object.keys(wordings) as WordedType[];

/** How the value of each name is written. */
const slots = {
  session: { form: "[a-z0-9_]+", read: String },
  table: { form: "[a-z0-9_]+", read: String },
  from: { form: "\\d{1,15}", read: Number },
  to: { form: "\\d{1,15}", read: Number },
  mode: { form: loadModes.join("|"), read: (text: string) => text as LoadMode },
  job: { form: "[1-9]\\d{0,18}", read: String },
} as const;

type Slots = typeof slots;
/** A name that no slot has is told by the compiler where its wording is used. */
type NamesIn<Wording extends string> = Wording extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;
export type Values<Type extends WordedType> = {
  readonly [Name in NamesIn<(typeof wordings)[Type]>]: ReturnType<Slots[Name & keyof Slots]["read"]>;
};

const name = /\{(\w+)\}/g;

/** The query of such a job. */
export const worded = <Type extends WordedType>(type: Type, values: Values<Type>): string =>
  wordings[type].replace(name, (_, slot: string) => String((values as Record<string, unknown>)[slot]));

/** One of these jobs, by its type. */
export type Worded = { [Type in WordedType]: { type: Type; values: Values<Type> } }[WordedType];

const formOf = (slot: string): string => slots[slot as keyof Slots].form;
const patterns = wordedTypes.map((type) => ({
  type,
  pattern: new RegExp(
    `^${wordings[type].replace(name, (_, slot: string) => `(?<${slot}>${formOf(slot)})`)}$`,
  ),
}));

/** What such a job is to do; null for any other query. */
export function readWorded(query: string): Worded | null {
  for (const { type, pattern } of patterns) {
    const found = pattern.exec(query)?.groups;
    if (found === undefined) continue;
    const values = Object.entries(found).map(([slot, text]) => [slot, slots[slot as keyof Slots].read(text)]);
    return { type, values: Object.fromEntries(values) } as Worded;
  }
  return null;
}
