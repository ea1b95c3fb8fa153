import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { commands } from "../../../harness/commands/index.ts";

/** What a run of a shard left, and how it ended. */
export interface Left {
  shard: string;
  attempt: number;
  /** Its run's folder. */
  folder: string;
  exit: number;
}

export interface Said {
  exit: number;
  log: string;
}

/** What a checkout has besides this tree, and what its shards left. */
interface Tree {
  /** By name. */
  files: Readonly<Record<string, string>>;
  left: readonly Left[];
  /** The same files of the default branch, which the checkout is a change of; as in the checkout where there are none. */
  base?: Readonly<Record<string, string>> | undefined;
}

const git = (cwd: string, ...argv: string[]) =>
  execa("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...argv], { cwd });

/** The evidence of these tests is of the epoch, and so is the clock of the steps. */
const epoch = `Object.defineProperty(performance, "timeOrigin", { value: 0 });\n`;

/**
 * Where the jobs of a CI run: checkouts of this tree. `script/compat` leaves in them what a run in this process left, and
 * `script/interlock` runs schedules in its process, since containers take too long. All else is as it is.
 */
export class Machine implements AsyncDisposable {
  readonly #root: string;
  readonly #files: Readonly<Record<string, string>>;
  readonly #left: readonly Left[];
  readonly #base: Readonly<Record<string, string>>;

  private constructor(root: string, { files, left, base }: Tree) {
    this.#root = root;
    this.#files = files;
    this.#left = left;
    this.#base = base ?? files;
  }

  static async open(tree: Tree): Promise<Machine> {
    const root = await mkdtemp(join(tmpdir(), "interlock-ci-"));
    await writeFile(join(root, "epoch.mjs"), epoch);
    return new Machine(root, tree);
  }

  folder = (): Promise<string> => mkdtemp(join(this.#root, "folder-"));

  async checkout(into: string): Promise<void> {
    const own = new Set([".git", ".interlock", "script"]);
    for (const name of (await readdir(".")).filter((one) => !own.has(one)))
      await symlink(resolve(name), join(into, name));
    await mkdir(join(into, "script"));
    await program(
      join(into, "script/interlock"),
      `exec '${process.execPath}' '${resolve("suites/gate/simulated-containers.ts")}' "$@"`,
    );
    await program(join(into, "script/compat"), compat(this.#left));
    const write = async (files: Readonly<Record<string, string>>) => {
      for (const [name, text] of Object.entries(files)) await writeFile(join(into, name), text);
    };
    // As a change is checked out: merged into the branch that it goes into.
    await write(this.#base);
    await git(into, "init", "--quiet", "--initial-branch=main");
    await git(into, "remote", "add", "origin", into);
    await git(into, "add", ...Object.keys(this.#base));
    await git(into, "commit", "--quiet", "--allow-empty", "--message=base");
    await git(into, "fetch", "--quiet", "origin");
    await git(into, "checkout", "--quiet", "-b", "change");
    await write(this.#files);
    await git(into, "add", ...Object.keys(this.#files));
    await git(into, "commit", "--quiet", "--allow-empty", "--message=change");
    await git(into, "checkout", "--quiet", "-b", "merged", "main");
    await git(into, "merge", "--quiet", "--no-ff", "--message=merge", "change");
  }

  /** Runs a script as the shell `bash` of both CIs does: what fails ends it. */
  async bash(script: string, cwd: string, env: Readonly<Record<string, string>>): Promise<Said> {
    const file = join(await this.folder(), "script.sh");
    await writeFile(file, script);
    const { exitCode, all } = await execa("bash", ["--noprofile", "--norc", "-eo", "pipefail", file], {
      cwd,
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: this.#root,
        NODE_COMPILE_CACHE: resolve(".interlock/compile-cache"),
        NODE_OPTIONS: `--import=${join(this.#root, "epoch.mjs")}`,
        ...env,
      },
      extendEnv: false,
      reject: false,
      all: true,
      stdin: "ignore",
    });
    if (exitCode === undefined) throw new Error(`bash did not end by itself: ${all}`);
    return { exit: exitCode, log: all };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.#root, { recursive: true });
  }
}

async function program(file: string, body: string): Promise<void> {
  await writeFile(file, `#!/usr/bin/env bash\nset -euo pipefail\n${body}\n`);
  await chmod(file, 0o755);
}

const flags = Object.keys(commands["run"]?.options ?? {}).flatMap((option) => option.split(" ").slice(0, 1));

/** The stand-in for `script/compat`, with the same flags. */
const compat = (left: readonly Left[]): string => `
echo "compat: $*"
attempt=1 shard= config=
while (($# > 0)); do
  case $1 in
    --shard) shard=$2 ;;
    --attempt) attempt=$2 ;;
    --markdown) echo "shard $shard" >"$2" ;;
    --config) config=$2 ;;
    ${flags.join(" | ")}) ;;
    *) echo "compat: unknown option $1" >&2; exit 64 ;;
  esac
  shift 2
done
[[ -e $config ]] || { echo "compat: no config '$config'" >&2; exit 64; }
mkdir -p .interlock/runs
case "$shard attempt $attempt" in
${left
  .map(
    (one) =>
      `  "${one.shard} attempt ${one.attempt}") cp -r '${one.folder}' .interlock/runs/; exit ${one.exit} ;;`,
  )
  .join("\n")}
esac
echo "compat: nothing is kept of shard '$shard', attempt $attempt" >&2
exit 64`;

/** The text of a file, or nothing where it was not written. */
export const textIn = (file: string): Promise<string> => readFile(file, "utf8").catch(() => "");
