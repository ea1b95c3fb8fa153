/** The headers that change what a call means or what may be done with its answer. */
const headersThatMatter = [
  "content-type",
  "content-encoding",
  "accept",
  "range",
  "if-range",
  "content-range",
  "retry-after",
  "idempotency-key",
  "etag",
  "location",
] as const;

/** Those that are there, names in lower case. Secrets are not among them. */
export function mattering(get: (name: string) => string | null): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of headersThatMatter) {
    const value = get(name);
    if (value !== null && value !== "") found[name] = value;
  }
  return found;
}
