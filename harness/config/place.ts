/** A place in a config, as a reader finds it: `scenarios[3].output.kind (empty-web)`, a scenario's name with its number. */
export function placeIn(written: unknown, path: readonly PropertyKey[]): string {
  if (path.length === 0) return "the config";
  const place = path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .slice(1);
  const name = path[0] === "scenarios" ? at(at(at(written, "scenarios"), path[1]), "name") : undefined;
  return typeof name === "string" ? `${place} (${name})` : place;
}

const at = (value: unknown, key: PropertyKey | undefined): unknown =>
  typeof value === "object" && value !== null && key !== undefined
    ? (value as Record<PropertyKey, unknown>)[key]
    : undefined;
