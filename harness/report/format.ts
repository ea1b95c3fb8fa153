import type { Report } from "./report.ts";

/** A form that the report of any command can have. It is loaded with the command line: it imports no large module. */
export interface Format {
  /** Printed in the place of another, or written to the file that its flag names as well. */
  to: "output" | "file";
  /** What its flag does. */
  description: string;
  /** The whole text, line end included. */
  render: (report: Report) => string;
}
