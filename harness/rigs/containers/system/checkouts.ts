import { createHash, randomUUID } from "node:crypto";
import { readlink, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { execa } from "execa";
import type { Millis } from "../../../../contracts/values.ts";
import type { Component } from "../../../config/config.ts";
import { InfrastructureError, reasonOf, UsageError } from "../../../errors.ts";
import { makeFolder } from "../../../make-folder.ts";

/**
 * Components that are commands of another commit: each is checked out into a folder of its own and built there, once. A
 * later run takes the folder that is there; of two runs that build at once both may, and one of the folders stays.
 */

type Referred = Extract<Component, { command: string[] }> & { ref: string };

/** The folder in which the command of a component runs, by `keyOf`. */
export type Checkouts = ReadonlyMap<string, string>;

export interface CheckoutOptions {
  /** Holds the folders. */
  folder: string;
  /** The repository; the working directory of Interlock. */
  repository: string;
  signal: AbortSignal;
  onPhase: (line: string) => void;
}

/** The longest that a build may take. */
const buildLimitMs: Millis = 30 * 60_000;

/** So many lines of a build that failed are told. */
const toldLines = 20;

const hasRef = (component: Component): component is Referred =>
  "ref" in component && component.ref !== undefined;

const keyOf = ({ ref, build = [] }: Pick<Referred, "ref" | "build">): string => JSON.stringify([ref, build]);

/** Where a component's command runs. */
export const folderOf = (component: Component, checkouts: Checkouts): string | undefined =>
  hasRef(component) ? checkouts.get(keyOf(component)) : undefined;

/** Every commit is looked up before anything is checked out, so that a wrong name costs no build. */
export async function checkOut(
  components: readonly (readonly [name: string, component: Component])[],
  options: CheckoutOptions,
): Promise<Checkouts> {
  const wanted = new Map<string, Wanted>();
  for (const [name, component] of components) {
    if (!hasRef(component) || wanted.has(keyOf(component))) continue;
    const commit = await commitOf(name, component.ref, options.repository);
    wanted.set(keyOf(component), { name, component, commit });
  }
  const checkouts = new Map<string, string>();
  for (const [key, one] of wanted) checkouts.set(key, await folderWith(one, options));
  if (checkouts.size > 0) options.onPhase("starting the components");
  return checkouts;
}

/** @throws UsageError for a ref that the repository does not have */
export async function commitOf(name: string, ref: string, repository: string): Promise<string> {
  const words = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`];
  const found = await git(name, words, repository);
  if (found.exitCode === 0) return found.stdout.trim();
  const inside = await git(name, ["rev-parse", "--is-inside-work-tree"], repository);
  throw new UsageError(
    inside.exitCode === 0
      ? `${name}: ref: ${ref} is no commit of this repository; fetch it, or name another`
      : `${name}: ref: ${repository} is no git repository, so that it has no ${ref}`,
  );
}

async function git(component: string, words: readonly string[], repository: string) {
  const ran = await execa("git", words, { cwd: repository, reject: false, stdin: "ignore" });
  if (ran.exitCode !== undefined) return ran;
  throw new InfrastructureError({
    component,
    expected: "git, which checks out its ref",
    happened: ran.shortMessage ?? "it cannot be run",
    next: "install git",
  });
}

interface Wanted {
  name: string;
  component: Referred;
  commit: string;
}

/** The name that all runs look for is given to a folder only when its build is over. */
async function folderWith({ name, component, commit }: Wanted, options: CheckoutOptions): Promise<string> {
  const { build = [] } = component;
  const how = createHash("sha256").update(JSON.stringify(build)).digest("hex").slice(0, 8);
  const built = resolve(options.folder, `${commit.slice(0, 16)}-${how}`);
  const known = await target(built);
  if (known !== null) return known;
  const own = `${built}-${randomUUID().slice(0, 8)}`;
  try {
    await makeCheckout({ name, component, commit }, own, options);
    await symlink(basename(own), built);
    return own;
  } catch (error) {
    await rm(own, { recursive: true, force: true });
    const others = (error as NodeJS.ErrnoException).code === "EEXIST" ? await target(built) : null;
    if (others !== null) return others;
    throw error;
  }
}

/** The folder that a name stands for; null where there is no such name. */
const target = (name: string): Promise<string | null> =>
  readlink(name).then(
    (to) => join(dirname(name), to),
    () => null,
  );

async function makeCheckout(
  { name, component: { ref, build }, commit }: Wanted,
  own: string,
  { repository, signal, onPhase }: CheckoutOptions,
): Promise<void> {
  const short = `${ref} (${commit.slice(0, 12)})`;
  onPhase(`checking out ${name} at ${short}`);
  const trouble = (expected: string, happened: string, next: string, log: readonly string[] = []) =>
    new InfrastructureError({ component: `${name} at ${short}`, expected, happened, log, next });
  try {
    makeFolder(own, 0o700);
    const archive = execa("git", ["archive", "--format=tar", commit], {
      cwd: repository,
      encoding: "buffer",
      buffer: false,
      cancelSignal: signal,
    });
    await archive.pipe("tar", ["-x", "-C", own], { cancelSignal: signal });
  } catch (error) {
    signal.throwIfAborted();
    throw trouble("its files to be checked out", reasonOf(error), "look at the disk and at the repository");
  }
  if (build === undefined) return;
  onPhase(`building ${name} at ${short}: ${build.join(" ")}`);
  const [program, ...words] = build as [string, ...string[]];
  const made = await execa(program, words, {
    cwd: own,
    all: true,
    reject: false,
    stdin: "ignore",
    timeout: buildLimitMs,
    cancelSignal: signal,
    maxBuffer: 64 * 1024 * 1024,
  });
  signal.throwIfAborted();
  if (made.exitCode === 0) return;
  const lines = `${made.all ?? ""}`.trimEnd().split("\n");
  const log = `${own}.log`;
  await writeFile(log, `${lines.join("\n")}\n`, { mode: 0o600 });
  const how = made.timedOut ? `it was not over after ${buildLimitMs / 60_000} minutes` : made.shortMessage;
  throw trouble(
    "its build to succeed",
    how ?? "it failed",
    `read ${log}, all that it said`,
    lines.slice(-toldLines),
  );
}
