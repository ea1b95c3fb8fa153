import { verdicts } from "../../verdict.ts";
import type { Report } from "../report.ts";
import { policy, scripts, style } from "./assets.ts";
import { embedded, escaped } from "./html.ts";
import { pageData } from "./page-data.ts";

/** The page of a report: one file that loads nothing. `clean` hides secrets in a text. */
export function document(report: Report, clean: (text: string) => string): string {
  const { data, parts } = pageData(report, clean);
  const text = (given: string) => escaped(clean(given));
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    // The script puts the verdict before it, when all of the page is there.
    `<title>${text(report.title)}</title>`,
    `<style>${style}</style>`,
    "</head>",
    '<body class="unread">',
    unread,
    ...head(report, text),
    '<main id="main" hidden></main>',
    `<script type="application/json" id="data">${embedded(data)}</script>`,
    // Before the timelines: the matrix can be used while those are still read.
    ...scripts.map((script) => `<script>${script}</script>`),
    ...parts.map((part, i) => `<script type="text/plain" id="part-${i}">${part}</script>`),
    '<p id="end" hidden></p>',
    "</body>",
    "</html>\n",
  ].join("\n");
}

/** What is said without any script: a page that is cut short, or whose script is not run, is never blank or green. */
function head(report: Report, text: (given: string) => string): string[] {
  const { title, verdict, reasons, cases, coverage = [], since = [], startedAt, millis } = report;
  const counts = verdicts.flatMap((one) => {
    const count = cases.filter((each) => each.verdict === one).length;
    return count === 0 ? [] : [`${count} ${one}`];
  });
  const times = [
    ...(startedAt === undefined ? [] : [`<time>${text(startedAt)}</time>`]),
    ...(millis === undefined ? [] : [`${(millis / 1000).toFixed(1)} s`]),
  ];
  const list = (lines: readonly string[]) => lines.map((line) => `<li>${text(line)}</li>`);
  return [
    "<header>",
    `<h1><span class="verdict ${verdict}">${verdict}</span> ${text(title)}</h1>`,
    `<p>${[counts.length === 0 ? "no case was judged" : counts.join(", "), ...times].join(" · ")}</p>`,
    ...(reasons.length === 0 ? [] : ['<ul class="reasons">', ...list(reasons), "</ul>"]),
    ...(since.length === 0
      ? []
      : ["<details open><summary>What has changed</summary>", "<ul>", ...list(since), "</ul></details>"]),
    ...(coverage.length === 0
      ? []
      : ["<details open><summary>Coverage</summary>", "<ul>", ...list(coverage), "</ul></details>"]),
    "</header>",
  ];
}

const unread =
  '<p id="unread">The cases are not shown: this page is cut short, or its script did not run. Do not take it for a pass.</p>';
