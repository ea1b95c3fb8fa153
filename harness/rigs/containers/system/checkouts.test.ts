import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Component } from "../../../config/config.ts";
import { InfrastructureError, UsageError } from "../../../errors.ts";
import { checkOut, folderOf } from "./checkouts.ts";

/** What a test leaves is removed with this folder, and nothing else is. */
let place: string;
/** A repository in it with a file `said`: `one` at the tag v1, `two` at v2. */
let repository: string;
let folder: string;
let phases: string[];

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "interlock-refs-"));
  repository = join(place, "repository");
  folder = join(place, "refs");
  phases = [];
  await mkdir(repository);
  await git("init", "-q", "-b", "main");
  for (const [tag, text] of [
    ["v1", "one"],
    ["v2", "two"],
  ] as const) {
    await writeFile(join(repository, "said"), text);
    await git("add", "said");
    await git("commit", "-q", "-m", text);
    await git("tag", tag);
  }
  await writeFile(join(repository, "said"), "not committed");
});
afterEach(() => rm(place, { recursive: true, force: true }));

const git = (...words: string[]) =>
  execa("git", ["-c", "user.name=Test", "-c", "user.email=test@localhost", ...words], { cwd: repository });

const at = (ref: string, ...build: string[]): Component => ({
  command: ["cat", "said"],
  ref,
  ...(build.length === 0 ? {} : { build }),
  env: () => ({}),
});

const builds = () => phases.filter((line) => line.startsWith("building"));

const checkedOut = (components: Record<string, Component>, from = repository) =>
  checkOut(Object.entries(components), {
    folder,
    repository: from,
    signal: new AbortController().signal,
    onPhase: (line) => phases.push(line),
  });

async function saidIn(component: Component): Promise<string> {
  const checkouts = await checkedOut({ api: component });
  return readFile(join(folderOf(component, checkouts) as string, "said"), "utf8");
}

test("each component gets its own commit, and nothing of the work tree", async () => {
  const [one, two, branch] = [at("v1"), at("v2"), at("main")];
  const checkouts = await checkedOut({ api: one, "worker-v5": two, "worker-v6": branch });
  const texts = [one, two, branch].map((each) =>
    readFile(join(folderOf(each, checkouts) as string, "said"), "utf8"),
  );
  expect(await Promise.all(texts)).toEqual(["one", "two", "two"]);
  expect((await git("status", "--porcelain")).stdout).toBe(" M said");
  expect((await git("worktree", "list")).stdout.split("\n")).toHaveLength(1);
});

test("it is built where it stays, once for each commit and build", async () => {
  const build = ["sh", "-c", "pwd > where; echo built >> said"];
  const component = at("v1", ...build);
  expect(await saidIn(component)).toBe("onebuilt\n");
  expect(builds()).toHaveLength(1);
  expect(builds()[0]).toMatch(/^building api at v1 \([0-9a-f]{12}\): sh -c pwd > where/);
  expect(await saidIn(component)).toBe("onebuilt\n");
  expect(builds()).toHaveLength(1);
  const checkouts = await checkedOut({ api: component });
  const where = await readFile(join(folderOf(component, checkouts) as string, "where"), "utf8");
  expect(where.trim()).toBe(folderOf(component, checkouts));
  expect(await saidIn(at("v1", "sh", "-c", "echo otherwise >> said"))).toBe("oneotherwise\n");
});

test("a branch that has moved on is checked out anew", async () => {
  expect(await saidIn(at("main"))).toBe("two");
  await git("commit", "-q", "-a", "-m", "three");
  expect(await saidIn(at("main"))).toBe("not committed");
});

test("of two runs that build at once both get it, and one folder stays", async () => {
  const component = at("v1", "sh", "-c", "echo built >> said");
  expect(await Promise.all([saidIn(component), saidIn(component), saidIn(component)])).toEqual(
    Array.from({ length: 3 }, () => "onebuilt\n"),
  );
  const left = await readdir(folder, { withFileTypes: true });
  expect(left.filter((entry) => entry.isDirectory())).toHaveLength(1);
});

test("what has no ref is left alone", async () => {
  const plain: Component = { command: ["api"], env: () => ({}) };
  const checkouts = await checkedOut({ api: plain, mysql: { url: "mysql://127.0.0.1" } });
  expect([checkouts.size, folderOf(plain, checkouts)]).toEqual([0, undefined]);
  expect(await readdir(place)).toEqual(["repository"]);
});

test.each(["v3", "--help", "v1:said", "", "v1^{tree}"])(
  "the ref %j is named, and nothing is built",
  async (ref) => {
    const failed = checkedOut({ "api current": at("v1", "true"), "api old": at(ref) });
    await expect(failed).rejects.toThrow(UsageError);
    await expect(failed).rejects.toThrow(`api old: ref: ${ref} is no commit of this repository`);
    expect(phases).toEqual([]);
  },
);

test("a folder that is no repository is told", async () => {
  await expect(checkedOut({ api: at("v1") }, place)).rejects.toThrow(
    "is no git repository, so that it has no v1",
  );
});

test("a build that fails is told with what it said, and tried again the next time", async () => {
  const script = "echo one; echo broken >&2; exit 7";
  const failed = checkedOut({ api: at("v1", "sh", "-c", script) });
  await expect(failed).rejects.toThrow(InfrastructureError);
  await expect(failed).rejects.toThrow(/api at v1 \([0-9a-f]{12}\)[^]*exit code 7[^]*broken/);
  const logs = await readdir(folder);
  expect(logs).toEqual([expect.stringMatching(/\.log$/)]);
  expect(await readFile(join(folder, logs[0] as string), "utf8")).toBe("one\nbroken\n");
  phases = [];
  await expect(checkedOut({ api: at("v1", "sh", "-c", script) })).rejects.toThrow("broken");
  expect(builds()).toHaveLength(1);
});

test("a program that is not there is told", async () => {
  await expect(checkedOut({ api: at("v1", "no-such-program") })).rejects.toThrow("no-such-program");
});

test("a run that is stopped stops the build, and leaves no half of it", async () => {
  const stop = new AbortController();
  const stopped = checkOut([["api", at("v1", "sh", "-c", "exec sleep 1000")]], {
    folder,
    repository,
    signal: stop.signal,
    onPhase: (line) => {
      if (line.startsWith("building")) setImmediate(() => stop.abort(new Error("Ctrl-C")));
    },
  });
  await expect(stopped).rejects.toThrow("Ctrl-C");
  expect(await readdir(folder)).toEqual([]);
});
