import { type At, readPage } from "./markdown.ts";

/** A page that says what is typed and what is answered, as steps that can be taken one after the other. */

export type Step =
  | { kind: "write" | "patch" | "look"; line: number; file: string; text: string }
  /** `said` is what the command must say on standard output, line by line. */
  | { kind: "command"; line: number; command: string; exitCode: number; said: readonly string[] };

const kinds = { js: "write", json: "write", diff: "patch", text: "look" } as const;

/** A fence with a file's name writes, patches or shows that file; one of a console has commands behind `$ `. */
export function stepsIn(page: string): Step[] {
  return readPage(page).fences.flatMap(({ language, file, lines }): Step[] => {
    if (language === "console") return commandsIn(lines);
    if (file === "" || !Object.hasOwn(kinds, language)) return [];
    const text = lines.map((line) => `${line.text}\n`).join("");
    return [{ kind: kinds[language as keyof typeof kinds], line: lines[0]?.line ?? 0, file, text }];
  });
}

/** `echo $?` says with what the command before it ends; without it that is 0. */
function commandsIn(lines: readonly At[]): Step[] {
  const found: Extract<Step, { kind: "command" }>[] = [];
  for (const { line, text } of lines) {
    const last = found.at(-1);
    if (text.startsWith("$ "))
      found.push({ kind: "command", line, command: text.slice(2), exitCode: 0, said: [] });
    else if (last === undefined) throw new Error(`line ${line}: an answer without a command: ${text}`);
    else last.said = [...last.said, text];
  }
  return found.flatMap((one, i) => {
    const next = found[i + 1];
    if (one.command === "echo $?") return [];
    return [next?.command === "echo $?" ? { ...one, exitCode: Number(next.said[0]) } : one];
  });
}

/** What must be said, to the letter but for `…`: any text within a line, any lines where it stands alone. */
export function patternOf(said: readonly string[]): RegExp {
  const lines = said.map((line) =>
    line === "…"
      ? "(?:.*\\n)*?"
      : `${line
          .split("…")
          .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"))
          .join(".*")}\\n`,
  );
  return new RegExp(`^${lines.join("")}$`);
}
