import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { verdicts } from "../../verdict.ts";
import type { Report } from "../report.ts";
import { embedded, escaped } from "./html.ts";
import { pageData } from "./page-data.ts";

/** The page of a report: one file that loads nothing. `clean` hides secrets in a text. */
export function document(report: Report, clean: (text: string) => string): string {
  const { data, parts } = pageData(report, clean);
  const scripts = [...libraries(), ownScript()];
  const text = (given: string) => escaped(clean(given));
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy(scripts)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    // The script puts the verdict before it, when all of the page is there.
    `<title>${text(report.title)}</title>`,
    `<style>${own("style.css")}</style>`,
    "</head>",
    '<body class="unread">',
    unread,
    ...head(report, text),
    '<main id="main" hidden></main>',
    `<script type="application/json" id="data">${embedded(data)}</script>`,
    ...parts.map((part, i) => `<script type="text/plain" id="part-${i}">${part}</script>`),
    ...scripts.map((script) => `<script type="module">${script}</script>`),
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

/** Nothing may be loaded and nothing sent; of scripts those of this page run. Styles within the page harm nobody. */
const policy = (scripts: readonly string[]): string =>
  [
    "default-src 'none'",
    `script-src ${scripts.map((script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`).join(" ")}`,
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");

const read = (url: URL): string => readFileSync(fileURLToPath(url), "utf8");
const own = (name: string): string => read(new URL(`client/${name}`, import.meta.url));

/** Libraries, each in one file; as a module it finds the page's `globalThis` in the place of `this`. */
const libraries = () =>
  [
    new URL("../dist/d3.min.js", import.meta.resolve("d3")),
    new URL("../dist/plot.umd.min.js", import.meta.resolve("@observablehq/plot")),
  ].map(read);

/** The files of `client/` as one module, in an order in which each needs the ones before it alone. */
const files = [
  "dom",
  "address",
  "unpack",
  "matrix",
  "drawing",
  "timeline",
  "events",
  "cell",
  "main",
] as const;

function ownScript(): string {
  const text = files.map((name) => own(`${name}.js`)).join("\n");
  return text.replaceAll(/^import [^;]*;$/gm, "").replaceAll(/^export /gm, "");
}
