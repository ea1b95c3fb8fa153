import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";

/** The files that git tracks or would add, by path from the root. */
export const files: readonly string[] = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], {
  encoding: "utf8",
})
  .split("\0")
  .filter((name) => name !== "" && existsSync(name) && statSync(name).isFile());

export const sources = files.filter((name) => name.endsWith(".ts"));
export const tests = sources.filter((name) => name.endsWith(".test.ts"));

export const textOf = (name: string): string => readFileSync(name, "utf8");
