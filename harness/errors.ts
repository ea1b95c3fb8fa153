import { inspect } from "node:util";

/** Exit codes of every command. */
export const exitCode = {
  go: 0,
  violation: 1,
  missing: 2,
  infrastructure: 3,
  /** The gate said no, and somebody answers for going all the same. */
  overridden: 4,
  usage: 64,
  /** 128 + SIGINT: the run was stopped by hand. */
  interrupted: 130,
} as const;

/** The caller asked for something that cannot be: a wrong flag, a wrong config. Exit 64. */
export class UsageError extends Error {
  override name = "UsageError";

  constructor(message: string) {
    super(legible(message));
  }
}

const longestLine = 600;
const mostLines = 100;

/** A message quotes what it found, which may be of any length and may move the cursor. */
export function legible(text: string): string {
  const lines = text.split("\n");
  const shown = lines.slice(0, mostLines).map((line) => visible(shortened(line)));
  return [...shown, ...(lines.length > mostLines ? [`and ${lines.length - mostLines} lines more`] : [])].join(
    "\n",
  );
}

const shortened = (line: string): string =>
  line.length > longestLine ? `${cut(line)}… (${line.length} characters)` : line;

/** No half of a word: it may be half of a secret, which nobody would know again to hide it. */
const cut = (line: string): string => line.slice(0, longestLine).replace(/(?<=\s)\S{1,200}$/, "");

/** Text of which every sign can be seen: none moves the cursor or turns the direction. Its lines stay lines. */
export const visible = (text: string): string => text.replaceAll(unseen, escaped);

/**
 * As `visible`, for a log of CI: nothing in it can be taken for a command, as `::error::` at the beginning of a line and
 * `##[error]` anywhere are of GitHub's workflows, `##vso[…]` of Azure's and `##teamcity[…]` of TeamCity's.
 */
export const loggable = (text: string): string =>
  visible(text)
    .replaceAll(/^(\s*):(?=:)/gm, (_, blanks: string) => `${blanks}${escaped(":")}`)
    .replaceAll(/#(?=#\w*\[)/g, escaped);

/** Controls, signs of direction and halves of signs. */
export const unseen = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/gu;
const escaped = (sign: string): string => `\\u{${sign.codePointAt(0)?.toString(16)}}`;

/** Facts about a component that did not do what the run needs of it. */
export interface ComponentTrouble {
  component: string;
  expected: string;
  happened: string;
  /** Last lines of its log, secrets removed; empty where it never had one. */
  log?: readonly string[];
  next: string;
}

/** Something other than the system's correctness stopped the run: never a violation, never a pass. Exit 3. */
export class InfrastructureError extends Error {
  override name = "InfrastructureError";
  readonly trouble: ComponentTrouble;

  constructor(trouble: ComponentTrouble, cause?: unknown) {
    const next = whatToDo(exhausted, cause) ?? trouble.next;
    super(troubleMessage({ ...trouble, next }), { cause });
    this.trouble = { ...trouble, next };
  }
}

/** What a machine runs out of, by the system's own name for it, and what to do about each. */
const exhausted: Readonly<Record<string, string>> = {
  EMFILE: "allow this process more open files: `ulimit -n 4096`",
  ENFILE: "this machine has no open files left: end what holds many, or raise fs.file-max",
  ENOSPC: "make room on that disk: runs are kept in .interlock/runs below the working directory",
  EDQUOT:
    "make room within the quota of that disk: runs are kept in .interlock/runs below the working directory",
  EIO: "see whether the disk is sound",
};

/** What it does not allow. */
const forbidden: Readonly<Record<string, string>> = {
  EROFS: "run where files can be written: runs are kept in .interlock/runs below the working directory",
  EACCES: "run as its owner, or where files can be written: runs are kept in .interlock/runs",
  EPERM: "run as its owner, or where files can be written: runs are kept in .interlock/runs",
  ENOTDIR: "a file stands where a folder must be: remove or rename it",
  EEXIST: "a file stands where a folder must be: remove or rename it",
  uv_cwd: "the working directory was removed: go to one that is there",
};

/** The call itself where it is the only one that can fail so: what is missing may elsewhere be a fault of Interlock's. */
function codeOf(error: unknown): string {
  const { code = "", syscall } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  return syscall === "uv_cwd" ? syscall : String(code);
}

const whatToDo = (table: Readonly<Record<string, string>>, cause: unknown): string | undefined =>
  Object.hasOwn(table, codeOf(cause)) ? table[codeOf(cause)] : undefined;

/** A limit of this machine that nobody has foreseen is trouble of the run, and no fault of Interlock; null for all else. */
export function limitTrouble(error: unknown): InfrastructureError | null {
  const next = whatToDo({ ...exhausted, ...forbidden }, error);
  if (next === undefined) return null;
  const { syscall = "a call", path } = error as NodeJS.ErrnoException;
  return new InfrastructureError(
    {
      component: path ?? "this machine",
      expected: `${syscall} to be done`,
      happened: reasonOf(error),
      next,
    },
    error,
  );
}

/** What could not be written whole: `elsewhere` says how to name another place for it. */
export const unwritten = (
  component: string,
  file: string,
  error: unknown,
  elsewhere = "name another place",
): InfrastructureError =>
  new InfrastructureError({
    component,
    expected: `${file} to take it`,
    happened: reasonOf(error),
    next: `${whatToDo(toWrite, error) ?? "make room there"}, or ${elsewhere}`,
  });

const notAFolder = "remove or rename the file that stands where a folder must be";
const toWrite: Readonly<Record<string, string>> = {
  ENOTDIR: notAFolder,
  EEXIST: notAFolder,
  EISDIR: "remove or rename the folder that stands there",
  ENOENT: "make the folder that it is to be in",
  EACCES: "run as somebody who may write there",
  EPERM: "run as somebody who may write there",
  EROFS: "run where files can be written",
  ELOOP: "remove the link that leads to itself",
  ENAMETOOLONG: "give it a shorter name",
  EMFILE: "allow this process more open files",
};

/** A file that the caller named and that cannot be read, and what to name instead. */
export const unreadable = (file: string, error: unknown): UsageError =>
  new UsageError(
    `${file}: cannot be read: ${reasonOf(error)}\n  next: ${whatToDo(toRead, error) ?? "name a file that can be read whole"}`,
  );

const toRead: Readonly<Record<string, string>> = {
  ENOENT: "name a file that is there",
  ENOTDIR: "name a file that is there",
  EACCES: "run as somebody who may read it",
  EPERM: "run as somebody who may read it",
};

/** What a caller may go on after, told as such; null where Interlock itself is at fault or was asked for something wrong. */
export const troubleOf = (error: unknown): InfrastructureError | null =>
  error instanceof InfrastructureError ? error : limitTrouble(error);

/** The message is made here alone, so that every trouble reads the same. */
export function troubleMessage({ component, expected, happened, log = [], next }: ComponentTrouble): string {
  const lines = [legible(`${component}: expected ${expected}, but ${happened}`)];
  if (log.length > 0) lines.push("  last lines of its log:", ...log.map((line) => `    ${line}`));
  lines.push(`  next: ${next}`);
  return lines.join("\n");
}

/** What went wrong, in one line, of anything that can be thrown. */
export const reasonOf = (error: unknown): string => {
  try {
    return wordsOf(error);
  } catch {
    return "something that cannot be shown was thrown";
  }
};

const wordsOf = (error: unknown): string => {
  if (typeof error === "string") return error;
  if (!(error instanceof Error)) return inspect(error, { breakLength: Number.POSITIVE_INFINITY });
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  return inner instanceof Error && inner.message !== ""
    ? `${error.message || error.name}: ${inner.message}`
    : error.message || error.name;
};

/** A run came to trouble, and then what it had started could not be removed: the reader needs to hear of both. */
export function asOne(thrown: unknown): unknown {
  if (!(thrown instanceof SuppressedError)) return thrown;
  const removal: unknown = thrown.error;
  // Where more than one thing could not be removed, the run's own trouble is the innermost.
  let first: unknown = thrown.suppressed;
  while (first instanceof SuppressedError) first = first.suppressed;
  if (!(first instanceof InfrastructureError)) return removal;
  const { happened, next, ...told } = first.trouble;
  const second = removal instanceof InfrastructureError ? removal.trouble : null;
  return new InfrastructureError(
    {
      ...told,
      happened: `${happened}; nor could what was started be removed: ${second?.happened ?? reasonOf(removal)}`,
      next: second === null ? next : `${next}; ${second.next}`,
    },
    first,
  );
}
