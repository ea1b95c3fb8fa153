const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/gs;

/**
 * A key that an object of this JSON text has twice; null where none has. Parsers keep the one or the other of the values, so
 * that two readers of the text may see different things.
 *
 * @param json a text that is JSON
 */
export function repeatedKey(json: string): string | null {
  /** The keys of the objects that are open; null for an array. */
  const open: (Set<string> | null)[] = [];
  let isKeyNext = false;
  for (const [token] of json.matchAll(tokens)) {
    if (token === "{" || token === "[") {
      open.push(token === "{" ? new Set() : null);
      isKeyNext = token === "{";
    } else if (token === "}" || token === "]") open.pop();
    else if (token === ",") isKeyNext = open.at(-1) instanceof Set;
    else if (isKeyNext) {
      const key = JSON.parse(token) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
      isKeyNext = false;
    }
  }
  return null;
}

/**
 * JSON in which all readers see the same.
 *
 * @throws Error where a key stands twice in one object, or the text is no JSON
 */
export function parseUnambiguous(json: string): unknown {
  const value: unknown = JSON.parse(json);
  const twice = repeatedKey(json);
  if (twice !== null) throw new Error(`expected each key once, but ${JSON.stringify(twice)} stands twice`);
  return value;
}
