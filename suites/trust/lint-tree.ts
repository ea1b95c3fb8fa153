import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** What the linter says of one place. */
export interface Reported {
  file: string;
  rule: string;
  text: string;
}

/** Lints files, by their path and text, as if they stood in this repository: with its configuration, in a folder of their own. */
export function lintTree(files: ReadonlyMap<string, string>): Reported[] {
  const tree = mkdtempSync(join(tmpdir(), "lint-tree-"));
  try {
    for (const [name, text] of files) {
      mkdirSync(dirname(join(tree, name)), { recursive: true });
      writeFileSync(join(tree, name), text);
    }
    for (const name of [".oxlintrc.json", "tsconfig.json"]) copyFileSync(name, join(tree, name));
    symlinkSync(resolve("node_modules"), join(tree, "node_modules"));
    const { stdout } = spawnSync("node_modules/.bin/oxlint", ["--format", "json", "."], { cwd: tree });
    return diagnosticsIn(String(stdout));
  } finally {
    rmSync(tree, { recursive: true });
  }
}

interface Diagnostic {
  filename: string;
  /** Absent where a file could not even be read. */
  code?: string;
  message: string;
  help?: string;
}

function diagnosticsIn(output: string): Reported[] {
  const { diagnostics } = JSON.parse(output) as { diagnostics: Diagnostic[] };
  return diagnostics.map(({ filename, code, message, help }) => ({
    file: filename,
    rule: code ?? "unreadable",
    text: `${message} ${help ?? ""}`,
  }));
}
