import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";

/** The programs of a checkout as processes: this one, or another that INTERLOCK_CHECKOUT names. */
const checkout = resolve(process.env["INTERLOCK_CHECKOUT"] ?? join(import.meta.dirname, "../../.."));

export interface Program extends AsyncDisposable {
  pid: number;
  /** What it logged, a line each. */
  lines: string[];
  /** The first line that holds this text. */
  line(text: string): Promise<string>;
  /** The most memory that it held so far, in MiB. */
  peak(): number;
  /** The time that processors worked for it so far, in ms, to 10 ms. */
  worked(): number;
}

/** @param file below the root of the checkout */
export async function start(file: string, env: Record<string, string>): Promise<Program> {
  const child = execa(process.execPath, [join(checkout, file)], {
    env,
    extendEnv: false,
    reject: false,
    buffer: false,
    all: true,
  });
  const lines: string[] = [];
  const output = createInterface({ input: child.all });
  output.on("line", (line) => lines.push(line));
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} cannot be started: ${(await child).shortMessage}`);
  return {
    pid,
    lines,
    async line(text) {
      for (;;) {
        const found = lines.find((line) => line.includes(text));
        if (found !== undefined) return found;
        if (child.nodeChildProcess.exitCode !== null) throw new Error(`${file} ended: ${lines.join("\n")}`);
        await Promise.race([once(output, "line"), once(output, "close")]);
      }
    },
    peak: () => Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024,
    worked: () => {
      // Behind its name in parentheses: the state, and at 12 and 13 hundredths of a second as a user and as the kernel.
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child;
    },
  };
}
