import { join, resolve } from "node:path";
import { execa } from "execa";
import { vi } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** How a process of the command line ended, and all that it said. */
export interface Ended {
  exitCode: number | undefined;
  signal: string | undefined;
  stdout: string;
  stderr: string;
  millis: number;
}

/** A process of the command line. */
export interface Interlock {
  pid: number;
  ended: Promise<Ended>;
  /** Resolves when stderr has said it; rejects when the process ends before. */
  said: (text: string | RegExp) => Promise<void>;
  /** Resolves with the first line of stdout as soon as it is there; rejects when the process ends before. */
  printed: () => Promise<string>;
  /** Closes our end of its stderr, as `| head` does. */
  stopListening: () => void;
  kill: (signal: NodeJS.Signals) => void;
}

/** Longer than any limit that a test states; a process that hangs is a failure with all that it said. */
const longestMs = 170_000;

export function startInterlock(argv: readonly string[], cwd: string, env: Record<string, string>): Interlock {
  const began = performance.now();
  const child = execa(process.execPath, [join(root, "harness/cli.ts"), ...argv], {
    cwd,
    env,
    reject: false,
    stdin: "ignore",
    timeout: longestMs,
    killSignal: "SIGKILL",
  });
  let stderr = "";
  let over = false;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const until = async <T>(find: () => T | undefined, what: string | RegExp): Promise<T> =>
    vi.waitUntil(
      () => {
        const found = find();
        if (found === undefined && over) throw new Error(`it ended without saying ${what}:\n${stderr}`);
        return found;
      },
      { timeout: 60_000, interval: 20 },
    ) as Promise<T>;
  const ended = child.then(({ exitCode, signal, stdout }) => {
    over = true;
    return { exitCode, signal, stdout, stderr, millis: performance.now() - began };
  });
  return {
    pid: child.pid as number,
    ended,
    said: async (text) => {
      const isSaid = () =>
        (typeof text === "string" ? stderr.includes(text) : text.test(stderr)) || undefined;
      await until(isSaid, text);
    },
    printed: () => until(() => /^.+(?=\n)/.exec(output)?.[0], "anything on stdout"),
    stopListening: () => void child.stderr.destroy(),
    kill: (signal) => void child.kill(signal),
  };
}
