import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import type { Bar } from "./bar.ts";
import type { Bench } from "./bench.ts";

/** How long somebody waits, in an empty repository, from the installation of the package to a verdict on images that are there. */
const limit = 60;

/** The config of docs/newcomer.md, with an image in the place of the worker that is written there. */
const page = "docs/newcomer.md";
const edits = /^```diff interlock\.config\.mts\n(.*?)^```$/ms;
const written = 'command: ["node", "worker.mjs"]';

export async function measureFirstVerdict({ note }: Bench): Promise<Bar> {
  await using left = new AsyncDisposableStack();
  // Below no other repository: npm would install there.
  const repository = await mkdtemp(join(tmpdir(), "interlock-first-verdict-"));
  left.defer(() => rm(repository, { recursive: true }));
  note("making the package");
  const { stdout } = await execa(resolve("script/pack"), [join(repository, "packed")]);
  const tarball = stdout.trim();
  const typed = async (file: string, argv: readonly string[], input = ""): Promise<number> => {
    note([file, ...argv].join(" "));
    const began = performance.now();
    await execa(file, argv, { cwd: repository, input });
    return (performance.now() - began) / 1_000;
  };

  const seconds = {
    // As docs/package.md says.
    "`npm i`": await typed("npm", ["i", "--ignore-scripts", "--no-audit", "--no-fund", tarball, "mysql2"]),
    "`init`": await typed("npx", ["interlock", "init"]),
  };
  await typed("git", ["apply", "-"], await patchOf());
  const all = { ...seconds, "`run` of six cells": await typed("npx", ["interlock", "run"]) };
  const sum = Object.values(all).reduce((a, b) => a + b);
  const parts = Object.entries(all).map(([what, of]) => `${what} ${of.toFixed(1)} s`);
  return {
    bar: "first verdict in an empty repository, after `npm i` of the tarball, images given, warm",
    line: `<= ${limit} s`,
    measured: `${sum.toFixed(1)} s: ${parts.join(", ")}`,
    met: sum <= limit,
  };
}

async function patchOf(): Promise<string> {
  const patch = edits.exec(await readFile(page, "utf8"))?.[1];
  if (patch?.includes(written) !== true)
    throw new Error(`${page}: expected a patch of interlock.config.mts that has ${written}`);
  return patch.replace(written, 'image: "interlock/worker-v5:current"');
}
