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

/** A report in this form, without a secret. */
export const rendered = async (
  format: Format | CleanFormat,
  report: Report,
  clean: (text: string) => string,
): Promise<string> =>
  "render" in format ? clean(format.render(report)) : await format.renderClean(report, clean);
