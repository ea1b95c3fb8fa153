/**
 * JSON as it was sent. `JSON.parse` rounds an integer of more than 53 bits; here it stands as a text with its digits,
 * so that what was read is plain data and nothing is lost: 9007199254740993 as "(integer 9007199254740993)".
 */

declare global {
  interface JSON {
    /** Of the language since ES2026; TypeScript's library has it not yet. */
    rawJSON(text: string): unknown;
  }
}

const wide = /^\(integer (-?\d+)\)$/;

/** The value of a JSON text. @throws SyntaxError if it is none */
export const parseJson = (text: string): unknown =>
  // Few texts have so many digits in a row, and a reviver takes its time.
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
export const integerDigits = (value: unknown): string | null =>
  Number.isSafeInteger(value)
    ? `${value}`
    : typeof value === "string"
      ? (wide.exec(value)?.[1] ?? null)
      : null;

/** An integer to be written as JSON, of whatever size. @param digits as decimal digits */
export const jsonInteger = (digits: string): unknown =>
  Number.isSafeInteger(Number(digits)) ? Number(digits) : JSON.rawJSON(digits);
