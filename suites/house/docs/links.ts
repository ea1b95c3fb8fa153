import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import type { Page } from "./markdown.ts";

/** What is wrong with the links of a page, a line each: `docs/a.md:3: b.md is not there`. */
export function brokenLinks(name: string, pages: ReadonlyMap<string, Page>): string[] {
  return (pages.get(name) as Page).links.flatMap(({ line, text }) => {
    const problem = problemOf(name, text, pages);
    return problem === null ? [] : [`${name}:${line}: ${text}: ${problem}`];
  });
}

function problemOf(from: string, target: string, pages: ReadonlyMap<string, Page>): string | null {
  if (/^[a-z]+:/.test(target)) return null;
  const [path, anchor] = target.split("#", 2) as [string, string?];
  const to = path === "" ? from : normalize(join(dirname(from), path));
  if (to.startsWith("..")) return "it leads out of the repository";
  if (!pages.has(to) && !existsSync(to)) return `${to} is not there`;
  if (anchor === undefined) return null;
  const page = pages.get(to);
  if (page === undefined) return `${to} is no page, which has no headings`;
  return page.anchors.has(anchor) ? null : `${to} has no heading #${anchor}`;
}
