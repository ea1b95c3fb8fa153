/** What a JSON text may hold, besides its bytes. */
export interface JsonLimits {
  /** Arrays and objects within each other. */
  depth: number;
  /** Values of all arrays and objects together. */
  values?: number;
}

const [quote, backslash, comma, array, arrayEnd, object, objectEnd] = Buffer.from('"\\,[]{}');

/** How JSON goes beyond its limits, told without parsing it; null where it does not: `more than 16 arrays …`. */
export function beyondLimits(
  json: Uint8Array,
  { depth: deepest, values: most = Number.POSITIVE_INFINITY }: JsonLimits,
): string | null {
  let depth = 0;
  let values = 1;
  let isText = false;
  for (let i = 0; i < json.length; i += 1) {
    const byte = json[i];
    if (isText) {
      if (byte === backslash) i += 1;
      else if (byte === quote) isText = false;
    } else if (byte === quote) isText = true;
    else if (byte === comma) values += 1;
    else if (byte === array || byte === object) {
      depth += 1;
      values += 1;
      if (depth > deepest) return `more than ${deepest} arrays and objects within each other`;
    } else if (byte === arrayEnd || byte === objectEnd) depth -= 1;
    if (values > most) return `more than ${most} values`;
  }
  return null;
}
