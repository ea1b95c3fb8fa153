/** One file of a git patch. */
export interface PatchedFile {
  path: string;
  isNew: boolean;
  /** A whole patch of this file alone for each of its hunks. */
  hunks: string[];
}

/** The files of a patch as `git diff` writes it, without renames. */
export const readPatch = (text: string): PatchedFile[] => partsOf(text, /^diff --git /m).map(readFile);

function readFile(text: string): PatchedFile {
  const path = /^\+\+\+ b\/(.+)$/m.exec(text)?.[1];
  if (path === undefined) throw new Error(`this part of a patch leaves no file: ${text.slice(0, 200)}`);
  const header = text.slice(0, text.search(/^@@ /m));
  const hunks = partsOf(text, /^@@ /m).map((hunk) => `${header}${hunk}`);
  return { path, isNew: /^new file mode /m.test(header), hunks };
}

/** The parts of a text that begin with a line like this; what comes before the first is left out. */
const partsOf = (text: string, start: RegExp): string[] =>
  text.split(new RegExp(`(?=${start.source})`, "m")).filter((part) => part.search(start) === 0);
