import { mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { patternOf, type Step, stepsIn } from "../house/docs/transcript.ts";
import { installIn } from "../package/installed.ts";
import { openChromium, openPage } from "../report/chromium.ts";
import { Place } from "../trust/place.ts";
import { inEngine } from "./leftovers.ts";

/** docs/newcomer.md, step by step, in a folder in which the package is installed. */

const page = "docs/newcomer.md";
const steps = stepsIn(await readFile(page, "utf8"));
let place: Place;

beforeAll(async () => {
  place = await Place.open();
  const modules = dirname((await installIn(place)).folder);
  await mkdir(join(modules, ".bin"));
  await symlink("../interlock/harness/cli.js", join(modules, ".bin/interlock"));
});
afterAll(() => place[Symbol.asyncDispose]());

async function typed(command: string) {
  const path = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  const { exitCode, stdout, stderr } = await execa("bash", ["-c", command], {
    cwd: place.folder,
    reject: false,
    stdin: "ignore",
    env: { PATH: path },
  });
  return { exitCode, stdout: stdout === "" ? "" : `${stdout}\n`, stderr };
}

/** Every line of it stands on the page. */
async function seen(file: string, text: string): Promise<void> {
  const browser = await openChromium();
  try {
    const opened = await openPage(browser, place.path(file));
    const shown = await opened.page.locator("body").innerText();
    const lines = text.trim().split("\n");
    expect(lines.filter((line) => !shown.includes(line))).toEqual([]);
    expect(opened.misdeeds).toEqual([]);
  } finally {
    await browser.close();
  }
}

async function take(step: Step): Promise<void> {
  if (step.kind === "write") await place.put(step.file, step.text);
  if (step.kind === "patch") await execa("git", ["apply", "-"], { cwd: place.folder, input: step.text });
  if (step.kind === "look") await seen(step.file, step.text);
  if (step.kind !== "command") return;
  const { exitCode, stdout, stderr } = await typed(step.command);
  // With what it said, for whoever reads that it failed.
  expect({ exitCode, stderr }).toEqual({ exitCode: step.exitCode, stderr });
  expect(stdout).toMatch(patternOf(step.said));
}

const inWords = (step: Step): string =>
  step.kind === "command" ? step.command : `${step.kind} ${step.file}`;

describe("docs/newcomer.md", () => {
  test("has every step of the way", () => {
    const commands = steps.flatMap((step) => (step.kind === "command" ? [step.command] : []));
    for (const word of ["init", "--list", "--html", "replay", "--shard 1/2", "--shard 2/2", "merge", "gate"])
      expect(commands.join("\n")).toContain(word);
    expect(new Set(steps.map(({ kind }) => kind))).toEqual(new Set(["command", "patch", "write", "look"]));
  });

  test.each(steps.map((step) => ({ ...step, what: inWords(step) })))("line $line: $what", take);

  test("leaves nothing in the engine", async () => {
    const runs = [
      ...(await readdir(place.path(".interlock/runs"))),
      ...(await readdir(place.path("shards"))),
    ];
    expect(runs).toHaveLength(5);
    for (const run of runs) expect({ run, left: await inEngine(run) }).toEqual({ run, left: [] });
  });
});
