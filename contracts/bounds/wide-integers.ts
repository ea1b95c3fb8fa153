/**
 * JSON as it was sent. `JSON.parse` rounds an integer of more than 53 bits; here it stands as a text with its digits,
 * so that what was read is plain data and nothing is lost: 9007199254740993 as "(integer 9007199254740993)".
 */

declare global {
  interface JSON {
    /** Of the language since ES2026; TypeScript's library has it not yet. */
    rawJSON(text: string): unknown;
    isRawJSON(value: unknown): boolean;
  }
}

const wide = /^\(integer (-?\d+)\)$/;

/** The text that stands for one that is more than 0. */
export const widePositive = /^\(integer [1-9]\d{15,18}\)$/;

/** The value of a JSON text. @throws SyntaxError if it is not JSON */
export const parseJson = (text: string): unknown =>
  // Few texts have that many digits in a row, and a reviver is slow.
  /\d{16}/.test(text)
    ? JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown)
    : JSON.parse(text);

function keepDigits(_key: string, value: unknown, { source }: { source?: string }): unknown {
  const digits = wideDigits(value, source);
  return digits === null ? value : `(integer ${digits})`;
}

/** The digits of an integer that a double does not hold, as they were written; null for any other value. */
export const wideDigits = (value: unknown, source: string | undefined): string | null =>
  typeof value === "number" && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)
    ? source
    : null;

/** The digits of a JSON integer, of whatever size, that `parseJson` has read; null for any other value. */
export function integerDigits(value: unknown): string | null {
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : null;
  return typeof value === "string" ? (wide.exec(value)?.[1] ?? null) : null;
}

/** What JSON.stringify writes as an integer of these decimal digits, however many; it is for nothing else. */
export const jsonInteger = (digits: string): number =>
  Number.isSafeInteger(Number(digits)) ? Number(digits) : (JSON.rawJSON(digits) as number);

/** A body as whoever reads its JSON gets it: one that a function call answers may have fields of `jsonInteger`. */
export const asRead = (body: unknown): unknown => (hasRaw(body) ? parseJson(JSON.stringify(body)) : body);

/** In a field, or in one of a list of objects. */
const hasRaw = (body: unknown): boolean =>
  isFields(body) &&
  Object.values(body).some(
    (value) =>
      JSON.isRawJSON(value) ||
      (Array.isArray(value) && value.some((one) => isFields(one) && Object.values(one).some(JSON.isRawJSON))),
  );

const isFields = (value: unknown): value is object => typeof value === "object" && value !== null;
