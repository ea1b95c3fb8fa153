import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";

/** What a process of the command line left its caller with. */
export interface Said {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

/** A folder of its own to call the command line in. */
export class Place implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static open = async (): Promise<Place> => new Place(await mkdtemp(join(tmpdir(), "interlock-trust-")));

  async interlock(...argv: string[]): Promise<Said> {
    const { exitCode, stdout, stderr } = await execa(process.execPath, [resolve("harness/cli.ts"), ...argv], {
      cwd: this.folder,
      reject: false,
      stdin: "ignore",
    });
    return { exitCode, stdout, stderr };
  }

  /** Writes a file with this text, or with this value as JSON; its name comes back. */
  async put(name: string, content: unknown): Promise<string> {
    await writeFile(this.path(name), typeof content === "string" ? content : JSON.stringify(content));
    return name;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}
