import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isCheckout } from "../../installation.ts";

/** What is the same in every page. It is read once, by whoever makes a page. */

const read = (url: URL): string => readFileSync(fileURLToPath(url), "utf8");
const own = (name: string): string => read(new URL(`client/${name}`, import.meta.url));

export const style = own("style.css");

/** Libraries, each in one file: d3 and Plot. A package has copies of these files, with their licences, and installs neither. */
export const libraries: readonly string[] = (
  isCheckout
    ? [
        new URL("../dist/d3.min.js", import.meta.resolve("d3")),
        new URL("../dist/plot.umd.min.js", import.meta.resolve("@observablehq/plot")),
      ]
    : ["d3.min.js", "plot.umd.min.js"].map((name) => new URL(`libraries/${name}`, import.meta.url))
).map(read);

/** The files of `client/` as one function, in an order in which each needs the ones before it alone. */
const files = [
  "dom",
  "visibility",
  "address",
  "unpack",
  "matrix",
  "drawing",
  "strip",
  "timeline",
  "events",
  "cell",
  "main",
];

const ownText = files
  .map((name) => own(`${name}.js`))
  .join("\n")
  .replaceAll(/^import [^;]*;$/gm, "")
  .replaceAll(/^export /gm, "");
const ownScript = `(async () => {\n${ownText}\n})();`;

/** In the order in which they run. */
export const scripts: readonly string[] = [...libraries, ownScript];

/** Nothing may be loaded and nothing sent; of scripts these run. Styles within the page harm nobody. */
export const policyOf = (run: readonly string[]): string =>
  [
    "default-src 'none'",
    `script-src ${run.map((script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`).join(" ")}`,
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");

export const policy = policyOf(scripts);
