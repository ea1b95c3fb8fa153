import { join, relative } from "node:path";
import { withCarried } from "./carried.ts";
import { shellWords } from "./shell-words.ts";

/**
 * Where Interlock itself lies. It runs from its sources in a checkout, and as JavaScript from the package that others
 * install: Node strips no types below node_modules.
 */
export const isCheckout = import.meta.filename.endsWith(".ts");

/** The folder that holds `harness` and `contracts`. */
export const ownRoot = join(import.meta.dirname, "..");

/** Where a page of the docs lies, as a path from the working directory: a checkout's scripts work in its root. */
export const pageAt = (name: string): string =>
  isCheckout ? `docs/${name}` : relative(process.cwd(), join(ownRoot, "docs", name));

/** In it: the file that says which packages Interlock runs with. */
export const dependenciesFile = isCheckout ? "pnpm-lock.yaml" : "package.json";

/** A module that a URL names by its source. The compiler rewrites extensions in imports, not in URLs. */
export const moduleUrl = (source: URL): URL =>
  isCheckout ? source : new URL(source.href.replace(/\.ts$/, ".js"));

/** A command of Interlock as a line that can be pasted into a shell where this one was called, with what this one was given. */
export function commandTo(command: string, ...given: readonly string[]): string {
  const words = withCarried(command, given);
  if (!isCheckout) return shellWords(["npx", "interlock", command, ...words]);
  return shellWords(
    command === "run" ? ["script/compat", ...words] : ["script/interlock", command, ...words],
  );
}

/** How the images of the fixtures and a Docker engine come onto this machine; a package has neither. */
export const setup = isCheckout
  ? {
      images: "build or pull it; Interlock's own images are made by `script/setup`",
      engine: "let `script/setup` install and start one",
    }
  : { images: "build or pull it", engine: "install one" };
