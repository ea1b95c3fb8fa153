import { visible } from "../../errors.ts";
import type { Verdict } from "../../verdict.ts";
import type { Format } from "../format.ts";
import type { Case, Report } from "../report.ts";

/** Markdown for the summary page of a CI job: the verdict first, then what is not green, then what was exercised. */
export const markdown: Format = {
  to: "file",
  extension: "md",
  description: "write Markdown as well",
  render,
};

/** GitHub drops a summary of more than 1 MiB whole: this is for the rows, and the rest stays below 50 kB. */
const mostBytes = 850_000;
/** The most characters of one text that are shown. */
const mostChars = 1_000;
const mostLines = 20;

const worstFirst: readonly Verdict[] = ["violation", "infrastructure", "missing"];

function render({ title, verdict, reasons, cases, since = [], coverage = [] }: Report): string {
  const red = worstFirst.flatMap((one) => cases.filter((each) => each.verdict === one));
  const passed = cases.length - red.length;
  const rows = thatFit(red.map(row));
  const hidden = red.length - rows.length;
  return [
    `## ${verdict.toUpperCase()}: ${text(title)}`,
    "",
    ...listed(reasons.flatMap((reason) => reason.split("\n"))),
    ...(reasons.length > 0 ? [""] : []),
    `${passed} pass, ${red.length} do not.`,
    "",
    ...(red.length > 0
      ? ["| case | verdict | seen | again |", "| --- | --- | --- | --- |", ...rows, ""]
      : []),
    ...(hidden > 0 ? [`${hidden} more that are not pass are not shown here.`, ""] : []),
    ...listed(since),
    ...listed(coverage),
    "",
  ].join("\n");
}

const listed = (lines: readonly string[]): string[] => [
  ...lines.slice(0, mostLines).map((line) => `- ${text(line).replace(blockMark, marked)}`),
  ...(lines.length > mostLines ? [`- ${lines.length - mostLines} lines more are not shown here`] : []),
];

/** What would begin a heading, a rule or another list within a line of a list. */
const blockMark = /^(?:[#+=-]|\d(?=\d{0,8}[.)] ))/;

/** As many rows from the first one on as there is room for. */
function thatFit(rows: readonly string[]): string[] {
  let bytes = 0;
  const end = rows.findIndex((one) => (bytes += Buffer.byteLength(one) + 1) > mostBytes);
  return rows.slice(0, end < 0 ? rows.length : end);
}

function row({ path, verdict, violations, reason, repeat }: Case): string {
  const seen = [
    ...violations.map(({ invariant, witnesses }) => `${invariant}: ${witnesses[0] ?? ""}`),
    ...(reason === undefined ? [] : [reason]),
  ].join("; ");
  return `| ${[path, verdict, seen, repeat ?? ""].map(text).join(" | ")} |`;
}

/** What a system said may hold anything: none of it is markup, and none of it ends a row. */
const text = (given: string): string =>
  visible(shortened(given).replaceAll(/\s+/g, " "))
    .replaceAll(/[\\`*_[\]<>|~&]/g, marked)
    .trim();

/** A sign that only looks like one of markup. */
const marked = (mark: string): string => `&#${mark.charCodeAt(0)};`;

const shortened = (given: string): string =>
  given.length <= mostChars ? given : `${given.slice(0, mostChars)}…`;
