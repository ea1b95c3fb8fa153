import { mkdtemp, readdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wordsOf } from "../gate/checkout.ts";
import { configFile } from "../gate/ci/kept-shards.ts";
import { type Left, Machine } from "../gate/ci/machine.ts";
import { Templates } from "../gate/ci/templates.ts";

/** What the templates of CI leave, whom they ask what is live, and how they balance shards. */

let templates: Templates;
beforeAll(async () => {
  templates = await Templates.open();
});
afterAll(() => templates[Symbol.asyncDispose]());

describe("on GitHub", () => {
  test("the record of the decision is kept, and a deployment can ask by it, GO or not", async () => {
    const decided = async (left: Left[]): Promise<number> => {
      const store = await mkdtemp(join(templates.root, "artefacts-"));
      await templates.onGitHub({ left, store });
      await using machine = await Machine.open({ files: templates.files, left: [] });
      const workspace = await machine.folder();
      await machine.checkout(workspace);
      const of = join(store, "interlock-decision-attempt-1");
      const holds = `script/interlock holds '${of}/decision.json' --deployed '${of}/deployed.json' --candidate '${of}/candidate.json'`;
      return (await machine.bash(holds, workspace, {})).exit;
    };
    const { first, second, red } = templates.kept;
    expect(await decided([first, second])).toBe(0);
    expect(await decided([first, red])).toBe(2);
  });

  test("what the policy asks besides the matrix is run, and its evidence kept", async () => {
    const store = await mkdtemp(join(templates.root, "artefacts-"));
    const { gate } = await templates.onGitHub({ files: templates.asking, store });
    expect(gate?.log).toMatch(/^script\/interlock replay lost\.json --rig containers /m);
    expect(gate).toMatchObject({ exit: 0, log: expect.stringMatching(/^GO;/m) });
    expect(await readdir(store)).toContain("interlock-besides-attempt-1");
  });
});

describe("a change that asks less of itself", () => {
  test("is asked by GitHub what the default branch says where nothing names a target", async () => {
    const changed = templates.askingLess();
    const { gate } = await templates.onGitHub({ changed, by: "workflow_dispatch" });
    expect(gate?.log).toMatch(/^GO/m);
    expect(gate?.log).not.toContain("is older than");
  });

  test("and lists what is live where the default branch does not is 2", async () => {
    const base = { "read.me": "" };
    const { gate } = await templates.onGitHub({ base, by: "push" });
    expect(gate).toMatchObject({ exit: 2, log: expect.stringContaining("expected deployed.json in ") });
    const run = (await templates.onGitLab({ base }))["interlock-gate"];
    expect(run).toMatchObject({ exit: 2, log: expect.stringContaining("expected deployed.json in ") });
  });

  test("is asked by GitLab for a branch what its target says", async () => {
    const run = await templates.onGitLab({ changed: templates.askingLess(), isBranch: true });
    expect(run["interlock-gate"]?.log).toMatch(/^GO/m);
    expect(run["interlock-gate"]?.log).not.toContain("is older than");
  });
});

describe("shards that are balanced by the times of an earlier run are the whole matrix, each cell once", () => {
  let whole: string[];
  let times: string;
  beforeAll(async () => {
    whole = await cellsOf(["--config", configFile]);
    times = join(templates.root, "result.json");
    // One cell takes as long as all others together.
    const cells = whole.map((path, i) => ({
      path,
      verdict: "pass",
      violations: [],
      millis: i === 0 ? 1000 * (whole.length - 1) : 1000,
    }));
    await writeFile(times, JSON.stringify({ schema: 2, runId: "earlier", api: "current", cells }));
  });

  async function expectBalanced(log: string): Promise<void> {
    const shards = await shardsIn(log);
    expect(shards.flat().toSorted()).toEqual(whole.toSorted());
    expect(shards.map((cells) => cells.length).toSorted((a, b) => a - b)).toEqual([1, whole.length - 1]);
  }

  test("on GitHub", async () => {
    const { plan, cells, gate } = await templates.onGitHub({ inputs: { durations: times } });
    expect(plan?.outputs["matrix"]).toContain(`--durations ${times}`);
    await expectBalanced(cells?.log ?? "");
    expect(gate).toMatchObject({ exit: 0, log: expect.stringMatching(/^GO/m) });
  });

  test("on GitLab", async () => {
    const run = await templates.onGitLab({ inputs: { durations: times } });
    expect(run["interlock-plan"]?.log).toContain(`--durations ${times}`);
    await expectBalanced(["1/2", "2/2"].map((leg) => run[`interlock-cells ${leg}`]?.log).join("\n"));
  });

  test("a file of no result is refused by the plan, before machines are engaged", async () => {
    const inputs = { durations: "deployed.json" };
    const { plan, cells } = await templates.onGitHub({ inputs });
    expect(plan).toMatchObject({ exit: 64, log: expect.stringContaining("--durations deployed.json") });
    expect(cells?.result).toBe("skipped");
  });
});

/** What `interlock run` would run of these words. */
async function cellsOf(words: readonly string[]): Promise<string[]> {
  const argv = [resolve("harness/cli.ts"), "run", ...words, "--list", "--json"];
  const { stdout } = await execa(process.execPath, argv);
  return (JSON.parse(stdout) as { cells: { path: string }[] }).cells.map(({ path }) => path);
}

/** The cells of each shard, as it was called. */
const shardsIn = (log: string): Promise<string[][]> =>
  Promise.all(
    [...log.matchAll(/^compat: (.*?)(?: --markdown .*)?$/gm)].map(([, line]) => cellsOf(wordsOf(line ?? ""))),
  );
