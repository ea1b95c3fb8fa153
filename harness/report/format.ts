import type { Report } from "./report.ts";

/** A form that the report of any command can have. It is loaded with the command line: it imports no large module. */
export interface Format {
  /** Printed in the place of another, or written to the file that its flag names as well. */
  to: "output" | "file";
  /** Of a file that nobody has named; absent where it is the name of the format. */
  extension?: string;
  /** What its flag does. */
  description: string;
  /** The whole text, line end included. */
  render: (report: Report) => string;
}

/** One of which the text must be left as it is, such as a page with scripts: it hides secrets by itself, with `clean`. */
export interface CleanFormat extends Omit<Format, "render"> {
  renderClean: (report: Report, clean: (text: string) => string) => Promise<string>;
}

/** A report in this form, without a secret: cleaned before its signs are escaped, and once more as a whole. */
export const rendered = async (
  format: Format | CleanFormat,
  report: Report,
  clean: (text: string) => string,
): Promise<string> =>
  "render" in format
    ? clean(format.render(cleaned(report, clean) as Report))
    : await format.renderClean(report, clean);

/** Histories have tokens in the place of secrets since they were recorded. */
function cleaned(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === "string") return clean(value);
  if (Array.isArray(value)) return value.map((one) => cleaned(one, clean));
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [clean(key), key === "histories" ? one : cleaned(one, clean)]),
  );
}
