import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import { files } from "./repository.ts";

/** What a program left its caller with. */
export interface Said {
  exitCode: number | undefined;
  /** Standard output and standard error. */
  text: string;
}

/** A copy of the working tree, with the packages of this one, to be changed at will. */
export class WorkingCopy implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "interlock-recipes-"));

  constructor() {
    for (const name of files) {
      mkdirSync(dirname(this.#path(name)), { recursive: true });
      cpSync(name, this.#path(name));
    }
    for (const name of ["node_modules", "fixtures/node_modules"])
      symlinkSync(resolve(name), this.#path(name));
  }

  /** Some tests ask git which files there are. */
  initGit = (): Promise<void> => this.#mustRun("git", ["init", "--quiet"]);

  apply = (patch: string): Promise<void> => this.#mustRun("git", ["apply", "-"], patch);

  revert = (patch: string): Promise<void> => this.#mustRun("git", ["apply", "--reverse", "-"], patch);

  /** Cheap after the first time: the compiler remembers what it has checked. */
  checkTypes = (): Promise<Said> =>
    this.#run(process.execPath, [
      "node_modules/typescript/bin/tsc",
      "--noEmit",
      "--incremental",
      "--tsBuildInfoFile",
      ".interlock/types.json",
    ]);

  test = (...paths: string[]): Promise<Said> =>
    this.#run(process.execPath, [
      "node_modules/vitest/vitest.mjs",
      "run",
      "--no-color",
      "--project=unit",
      "--project=suites",
      ...paths,
    ]);

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }

  #path(name: string): string {
    return join(this.folder, name);
  }

  async #mustRun(program: string, argv: string[], input = ""): Promise<void> {
    const { exitCode, text } = await this.#run(program, argv, input);
    if (exitCode !== 0) throw new Error(`${program} ${argv.join(" ")} ended with ${exitCode}: ${text}`);
  }

  async #run(program: string, argv: string[], input = ""): Promise<Said> {
    const { exitCode, all } = await execa(program, argv, {
      cwd: this.folder,
      // The tests there run for themselves: they are no part of this one.
      env: Object.fromEntries(
        Object.entries(process.env).filter(
          ([name]) => !/^(VITEST|TEST|NODE_ENV|NODE_OPTIONS|CI$)/.test(name),
        ),
      ),
      extendEnv: false,
      reject: false,
      all: true,
      input,
    });
    return { exitCode, text: all };
  }
}
