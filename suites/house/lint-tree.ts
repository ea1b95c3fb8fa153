import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { config } from "./lint-config.ts";

/** One problem that the linter reports. */
export interface Reported {
  file: string;
  rule: string;
  text: string;
}

/** The rule of a file that does not parse. */
export const unreadable = "unreadable";

/**
 * Lints files, by path and text, in a folder of their own as if they stood in this repository. Rules that need types
 * are left out: they take most of the time.
 */
export function lintTree(files: ReadonlyMap<string, string>): Reported[] {
  const tree = mkdtempSync(join(tmpdir(), "lint-tree-"));
  try {
    for (const [name, text] of files) {
      mkdirSync(dirname(join(tree, name)), { recursive: true });
      writeFileSync(join(tree, name), text);
    }
    writeFileSync(join(tree, ".oxlintrc.json"), JSON.stringify({ ...config, options: { typeAware: false } }));
    copyFileSync("tsconfig.json", join(tree, "tsconfig.json"));
    symlinkSync(resolve("node_modules"), join(tree, "node_modules"));
    const { stdout } = spawnSync("node_modules/.bin/oxlint", ["--format", "json", "."], { cwd: tree });
    return diagnosticsIn(String(stdout));
  } finally {
    rmSync(tree, { recursive: true });
  }
}

interface Diagnostic {
  filename: string;
  /** Absent where a file does not parse. */
  code?: string;
  message: string;
  help?: string;
}

function diagnosticsIn(output: string): Reported[] {
  const { diagnostics } = JSON.parse(output) as { diagnostics: Diagnostic[] };
  return diagnostics.map(({ filename, code, message, help }) => ({
    file: filename,
    rule: code ?? unreadable,
    text: `${message} ${help ?? ""}`,
  }));
}
