import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Copies the libraries of the HTML page into a folder, each in one file, with the licence of every package that such a file
 * holds: the library and all that it depends on.
 */
const [to = ""] = process.argv.slice(2);
const files = { d3: "dist/d3.min.js", "@observablehq/plot": "dist/plot.umd.min.js" };

/** A package by its folder, and those that it depends on, each once; pnpm lays them beside each other. */
function withDependencies(folder: string, seen = new Map<string, string>()): Map<string, string> {
  const {
    name,
    version,
    dependencies = {},
  } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    name: string;
    version: string;
    dependencies?: Record<string, string>;
  };
  if (seen.has(`${name} ${version}`)) return seen;
  seen.set(`${name} ${version}`, licenceIn(folder));
  const beside = join(folder, name.includes("/") ? "../.." : "..");
  for (const one of Object.keys(dependencies)) withDependencies(realpathSync(join(beside, one)), seen);
  return seen;
}

function licenceIn(folder: string): string {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) throw new Error(`${folder}: expected a licence to copy, found none`);
  return readFileSync(join(folder, file), "utf8").trim();
}

mkdirSync(to, { recursive: true });
const licences = new Map<string, string>();
for (const [name, file] of Object.entries(files)) {
  const folder = realpathSync(join("node_modules", name));
  cpSync(join(folder, file), join(to, file.replace("dist/", "")));
  withDependencies(folder, licences);
}
const told = [...licences].map(([name, text]) => `${name}\n\n${text}\n`);
writeFileSync(join(to, "LICENSES.txt"), told.join(`\n${"-".repeat(80)}\n\n`));
