import { readFileSync } from "node:fs";
import { join } from "node:path";
import { libraries, policyOf, style } from "../harness/report/page/assets.ts";
import { embedded } from "../harness/report/page/html.ts";
import type { Curve } from "./bar.ts";

const scripts = [...libraries, readFileSync(join(import.meta.dirname, "client/curves.js"), "utf8")];

const ownStyle = `
.charts { display: flex; flex-wrap: wrap; gap: 1.5rem; }
.figures { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0 0.5rem; }
th, td { padding: 0.15rem 0.7rem; border-bottom: 1px solid var(--line); text-align: right; font-weight: normal; }
tr:first-child th, .of { color: var(--soft); }
.of { margin-bottom: 2.5rem; }
`;

/** A curve as it is kept. */
export interface Drawn extends Curve {
  /** Where and when it was measured. */
  machine: string;
}

const begin = '<script type="application/json" id="data">';
const end = "</script>";

/** Curves as one file for a browser, which loads nothing. */
export const curvesPage = (curves: readonly Drawn[]): string =>
  [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policyOf(scripts)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    "<title>Interlock, bars</title>",
    `<style>${style}${ownStyle}</style>`,
    "</head>",
    "<body>",
    "<h1>Interlock, bars</h1>",
    `${begin}${embedded({ curves })}${end}`,
    ...scripts.map((script) => `<script>${script}</script>`),
    "</body>",
    "</html>\n",
  ].join("\n");

/** The curves of such a page. @throws Error where it is none */
export function curvesIn(page: string): Drawn[] {
  const from = page.indexOf(begin);
  if (from === -1) throw new Error(`expected a page of curves, with ${begin}`);
  const text = page.slice(from + begin.length, page.indexOf(end, from));
  return (JSON.parse(text) as { curves: Drawn[] }).curves;
}

/** What was measured anew stands in the place of what was before, by its title; all else stays. */
export const withDrawn = (before: readonly Drawn[], now: readonly Drawn[]): Drawn[] => [
  ...before.map((old) => now.find(({ title }) => title === old.title) ?? old),
  ...now.filter(({ title }) => !before.some((old) => old.title === title)),
];
