import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { configFile } from "./ci/kept-shards.ts";
import { hourMs } from "./evidence-on-disk.ts";

/** What a line that was pasted into a shell came to. */
interface Said {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

const root = resolve(import.meta.dirname, "../..");
const linked = ["contracts", "fixtures", "harness", "suites", "node_modules"];
/** Few scenarios, of which as much is to be shown as of many. */
const config = `export { default } from ${JSON.stringify(join(root, configFile))};\n`;

/** Simulated runs begin at the epoch: every command is called an hour later. */
const clock = `Object.defineProperty(performance, "timeOrigin", { value: ${hourMs} })`;
const scripts: Readonly<Record<string, string>> = {
  compat: "suites/gate/simulated-run.ts",
  interlock: "suites/gate/simulated-containers.ts",
};

/** This checkout under another name, with runs of its own, in which `script/compat` needs no containers. */
export class Checkout implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Checkout> {
    const folder = await mkdtemp(join(tmpdir(), "interlock-checkout-"));
    for (const name of linked) await symlink(join(root, name), join(folder, name));
    await writeFile(join(folder, "interlock.config.ts"), config);
    await mkdir(join(folder, "script"));
    await mkdir(join(folder, ".interlock/runs"), { recursive: true });
    for (const [name, program] of Object.entries(scripts)) {
      const file = join(folder, "script", name);
      const exec = `exec '${process.execPath}' --import 'data:text/javascript,${clock}' '${join(root, program)}' "$@"`;
      await writeFile(file, `#!/usr/bin/env bash\n${exec}\n`);
      await chmod(file, 0o755);
    }
    return new Checkout(folder);
  }

  /** A line as it was printed. */
  paste(line: string): Promise<Said> {
    return this.call(...wordsOf(line));
  }

  async call(script = "", ...argv: string[]): Promise<Said> {
    const { exitCode, stdout, stderr } = await execa(script, argv, {
      cwd: this.folder,
      reject: false,
      stdin: "ignore",
    });
    return { exitCode, stdout, stderr };
  }

  /** The folder of the run that a line leaves behind. */
  async keptBy(line: string): Promise<string> {
    await this.paste(line);
    return `.interlock/runs/${(await this.runs()).at(-1)}`;
  }

  /** What `attested` prints. */
  attested = async (argv: string): Promise<string> =>
    (await this.paste(`script/interlock attested ${argv}`)).stdout;

  runs(): Promise<string[]> {
    return readdir(this.path(".interlock/runs"));
  }

  async forgetRuns(): Promise<void> {
    for (const run of await this.runs())
      await rm(this.path(join(".interlock/runs", run)), { recursive: true });
  }

  async put(name: string, content: unknown): Promise<void> {
    await writeFile(this.path(name), typeof content === "string" ? content : JSON.stringify(content));
  }

  read(name: string): Promise<string> {
    return readFile(this.path(name), "utf8");
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}

/** The words of a line, as a shell without any expansion takes them. */
export const wordsOf = (line: string): string[] =>
  (line.match(/(?:[^\s'\\]|'[^']*'|\\.)+/g) ?? []).map((word) =>
    word.replaceAll(/'([^']*)'|\\(.)/g, (_, quoted?: string, escaped?: string) => quoted ?? escaped ?? ""),
  );
