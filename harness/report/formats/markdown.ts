import type { Format } from "../format.ts";
import type { Case, Report } from "../report.ts";

/** Markdown for the summary page of a CI job: the verdict first, then what is not green, then what was exercised. */
export const markdown: Format = { to: "file", description: "write Markdown as well", render };

function render({ title, verdict, reasons, cases, coverage = [] }: Report): string {
  const red = cases.filter((one) => one.verdict !== "pass");
  const passed = cases.length - red.length;
  return [
    `## ${verdict.toUpperCase()}: ${text(title)}`,
    "",
    ...reasons.flatMap((reason) => reason.split("\n")).map((line) => `- ${text(line)}`),
    ...(reasons.length > 0 ? [""] : []),
    `${passed} pass, ${red.length} do not.`,
    "",
    ...(red.length > 0
      ? ["| case | verdict | seen | again |", "| --- | --- | --- | --- |", ...red.map(row), ""]
      : []),
    ...coverage.map((line) => `- ${text(line)}`),
    "",
  ].join("\n");
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
  given
    .replaceAll(/[\\`*_[\]<>|~&]/g, (mark) => `&#${mark.charCodeAt(0)};`)
    .replaceAll(/\s+/g, " ")
    .trim();
