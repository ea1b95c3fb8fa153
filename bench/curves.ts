import { readFileSync } from "node:fs";
import { join } from "node:path";
import { libraries, policyOf, style } from "../harness/report/page/assets.ts";
import { embedded } from "../harness/report/page/html.ts";
import type { Curve } from "./bar.ts";

const scripts = [...libraries, readFileSync(join(import.meta.dirname, "client/curves.js"), "utf8")];

const ownStyle = `
.charts { display: flex; flex-wrap: wrap; gap: 1.5rem; }
.figures { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0 2.5rem; }
th, td { padding: 0.15rem 0.7rem; border-bottom: 1px solid var(--line); text-align: right; font-weight: normal; }
tr:first-child th { color: var(--soft); }
`;

/** Curves as one file for a browser, which loads nothing. */
export const curvesPage = (machine: string, curves: readonly Curve[]): string =>
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
    `<script type="application/json" id="data">${embedded({ machine, curves })}</script>`,
    ...scripts.map((script) => `<script>${script}</script>`),
    "</body>",
    "</html>\n",
  ].join("\n");
