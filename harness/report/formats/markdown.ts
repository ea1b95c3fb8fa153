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

/** GitHub drops a summary of more than 1 MiB whole. The rows have what the rest leaves of this. */
const mostBytes = 890_000;
/** Of one list. */
const mostListBytes = 50_000;
/** The most characters of one text that are shown. */
const mostChars = 1_000;
const mostLines = 20;

const worstFirst: readonly Verdict[] = ["violation", "infrastructure", "missing"];

function render({ title, verdict, reasons, cases, since = [], coverage = [] }: Report): string {
  const red = worstFirst.flatMap((one) => cases.filter((each) => each.verdict === one));
  const passed = cases.length - red.length;
  const head = [
    `## ${verdict.toUpperCase()}: ${text(title)}`,
    "",
    ...listed(reasons.flatMap((reason) => reason.split("\n"))),
    ...(reasons.length > 0 ? [""] : []),
    `${passed} pass, ${red.length} do not.`,
    "",
  ];
  const end = [...listed(since), ...listed(coverage), ""];
  const rows = thatFit(red.map(row), mostBytes - bytesOf([...head, ...end]));
  const hidden = red.length - rows.length;
  return [
    ...head,
    ...(red.length > 0
      ? ["| case | verdict | seen | again |", "| --- | --- | --- | --- |", ...rows, ""]
      : []),
    ...(hidden > 0 ? [`${hidden} more that are not pass are not shown here.`, ""] : []),
    ...end,
  ].join("\n");
}

const bytesOf = (lines: readonly string[]): number => Buffer.byteLength(lines.join("\n"));

function listed(lines: readonly string[]): string[] {
  const first = lines.slice(0, mostLines).map((line) => `- ${text(line).replace(blockMark, marked)}`);
  const shown = thatFit(first, mostListBytes);
  const hidden = lines.length - shown.length;
  return [...shown, ...(hidden > 0 ? [`- ${hidden} lines more are not shown here`] : [])];
}

/** What would begin a heading, a rule or another list within a line of a list. */
const blockMark = /^(?:[#+=-]|\d(?=\d{0,8}[.)] ))/;

/** As many lines from the first one on as there is room for. */
function thatFit(lines: readonly string[], most: number): string[] {
  let bytes = 0;
  const end = lines.findIndex((one) => (bytes += Buffer.byteLength(one) + 1) > most);
  return lines.slice(0, end < 0 ? lines.length : end);
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
