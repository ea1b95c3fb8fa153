import { type Fields, isFields, own } from "../json.ts";
import { Unreadable } from "../unreadable.ts";

/** A schema where a `$ref` led to it, with the name that the reference has for it. */
export interface Resolved {
  schema: unknown;
  name: string | null;
}

const bundle = "write a document without references to other files, and compare that";

/** What a `$ref` of a document leads to, such as `#/components/schemas/Error`. */
export function resolve(document: Fields, ref: unknown): Resolved {
  if (typeof ref !== "string" || !(ref === "#" || ref.startsWith("#/")))
    throw new Unreadable("a `$ref` like `#/components/schemas/Name`", `it is ${JSON.stringify(ref)}`, bundle);
  const steps = ref.split("/").slice(1).map(unescape);
  let at: unknown = document;
  for (const step of steps) {
    at = Array.isArray(at) ? at[Number(step)] : own(at, step);
    if (at === undefined)
      throw new Unreadable(`something at \`$ref\` ${ref}`, "there is nothing", "take the whole document");
  }
  return { schema: at, name: steps.at(-1) ?? null };
}

/** A name as a step of a `$ref`. */
export const pointer = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");

/** RFC 6901, in the fragment of a URI. */
function unescape(step: string): string {
  const plain = step.replaceAll("~1", "/").replaceAll("~0", "~");
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

/** What stands at a place, or what its `$ref` leads to, references of references included. */
export function followed(
  document: Fields,
  value: unknown,
  isFollowed: (reference: Fields) => boolean = () => true,
): unknown {
  const seen = new Set<unknown>();
  let at = value;
  while (isFields(at) && typeof at["$ref"] === "string" && isFollowed(at)) {
    if (seen.has(at))
      throw new Unreadable("a `$ref` that ends somewhere", `${at["$ref"]} leads to itself`, bundle);
    seen.add(at);
    at = resolve(document, at["$ref"]).schema;
  }
  return at;
}
