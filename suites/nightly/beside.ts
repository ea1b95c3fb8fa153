import { join } from "node:path";
import { execa } from "execa";
import { exitCode } from "../../harness/errors.ts";

/** Runs of the matrix on a machine that others use up: how often each comes to which exit code. */

const root = join(import.meta.dirname, "../..");

/** Somebody else's system that takes what it can get. */
const hog = ["--eval", "for (;;) {}"];

export interface Beside {
  runs: number;
  /** Processes that compute all the time. */
  others: number;
  /** What is run, as arguments of the command line. */
  argv: readonly string[];
}

export interface Counted {
  pass: number;
  violation: number;
  /** No verdict, and said so. */
  infrastructure: number;
  /** What the runs said that came to anything else. */
  else: readonly string[];
}

export async function countBeside({ runs, others, argv }: Beside): Promise<Counted> {
  const counted = { pass: 0, violation: 0, infrastructure: 0, else: [] as string[] };
  await using _ = startOthers(others);
  for (let done = 0; done < runs; done += 1) {
    const {
      exitCode: code,
      stderr,
      stdout,
    } = await execa(process.execPath, [join(root, "harness/cli.ts"), ...argv], {
      cwd: root,
      reject: false,
      stdin: "ignore",
    });
    if (code === exitCode.go) counted.pass += 1;
    else if (code === exitCode.violation) counted.violation += 1;
    else if (code === exitCode.infrastructure) counted.infrastructure += 1;
    else counted.else.push(`exit ${code}: ${stderr.slice(-500)} ${stdout.slice(-500)}`);
  }
  return counted;
}

function startOthers(count: number): AsyncDisposable {
  const others = Array.from({ length: count }, () => execa(process.execPath, hog, { reject: false }));
  return {
    [Symbol.asyncDispose]: async () => {
      for (const other of others) other.kill("SIGKILL");
      await Promise.all(others);
    },
  };
}
