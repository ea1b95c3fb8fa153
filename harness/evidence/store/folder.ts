import { cp, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { InfrastructureError, reasonOf, UsageError } from "../../errors.ts";
import { makeFolder } from "../../make-folder.ts";
import { sha256 } from "../../secrets.ts";
import { cutRun, listText, onceBrought } from "./files.ts";

/** The form of the folder of such a store; another one is not read. */
export const folderVersion = 1;
/** Says that the folder is a store: that of a disk which is not there is empty, and would remember nothing. */
const versionFile = "interlock-store.json";

/** The folder that a URL such as `file:///mnt/evidence` names; null of whatever else. @throws UsageError */
export function folderOf(place: string): string | null {
  if (!/^file:/i.test(place)) return null;
  try {
    return fileURLToPath(place);
  } catch (error) {
    throw new UsageError(
      `the store: expected a URL such as file:///mnt/evidence, got ${place}: ${reasonOf(error)}`,
    );
  }
}

/**
 * Evidence of several machines in one folder that all of them have. A run lies in a folder that is named by what is in it,
 * and is there when that has its name: nobody sees a half of it. Nothing is ever changed or removed.
 */
export class FolderStore implements AsyncDisposable {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes the folder a store. @returns the version that it had */
  async migrate(): Promise<number> {
    return await this.#doing("to be made a store", async () => {
      makeFolder(this.#folder);
      const had = await this.#version();
      const file = join(this.#folder, versionFile);
      if (had === 0) await writeFile(file, `${JSON.stringify({ version: folderVersion })}\n`);
      return had;
    });
  }

  /** @throws InfrastructureError where it is no store, or one of another version */
  async mustFit(): Promise<void> {
    const version = await this.#doing("to be read", () => this.#version());
    if (version === folderVersion) return;
    throw this.#trouble(
      `a store of version ${folderVersion}`,
      version === 0 ? "it is none" : `it is of version ${version}`,
      "see whether its disk is there; a new one is made by `interlock store URL --migrate`",
    );
  }

  /** Keeps the run of a folder. @returns whether it was not there yet */
  async put(folder: string): Promise<boolean> {
    const files = await cutRun(folder, async () => {});
    const id = sha256(listText(files));
    return await this.#doing("to take a run", async () => {
      const to = join(this.#folder, id);
      if (await isThere(to)) return false;
      const partial = await mkdtemp(join(this.#folder, `.${id}.`));
      try {
        for (const { name } of files) {
          makeFolder(dirname(join(partial, name)));
          await cp(join(folder, name), join(partial, name));
        }
        await onceBrought(partial, id, async () => {
          throw new Error(`${folder} has changed meanwhile`);
        });
        await rename(partial, to);
        return true;
      } catch (error) {
        // Another machine has kept the same run meanwhile.
        if (await isThere(to)) return false;
        throw error;
      } finally {
        await rm(partial, { recursive: true, force: true });
      }
    });
  }

  /** @returns the folder of each run, which is as it was put */
  async fetch(_: string, note: (line: string) => void): Promise<string[]> {
    const names = await this.#doing("to be read", () => readdir(this.#folder));
    const ids = names.filter((name) => /^[0-9a-f]{64}$/.test(name)).toSorted();
    const folders = ids.map((id) => join(this.#folder, id));
    for (const [i, folder] of folders.entries()) {
      note(`reading a run of ${this.#folder}, ${i + 1} of ${folders.length}`);
      await onceBrought(folder, basename(folder), async () => {
        throw this.#trouble(
          `the run ${basename(folder)} as it was put there`,
          "its files are others",
          "somebody has changed the store: see who may, and put the run there again from where it was made",
        );
      });
    }
    return folders;
  }

  async #version(): Promise<number> {
    const text = await readFile(join(this.#folder, versionFile), "utf8").catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return '{"version":0}';
      throw error;
    });
    return Number((JSON.parse(text) as { version: unknown }).version);
  }

  async #doing<T>(expected: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof InfrastructureError) throw error;
      throw this.#trouble(
        expected,
        reasonOf(error),
        "see whether its disk is there and has room, and who may write to it",
      );
    }
  }

  #trouble(expected: string, happened: string, next: string): InfrastructureError {
    return new InfrastructureError({ component: `the store ${this.#folder}`, expected, happened, next });
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
