import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import { FolderStore } from "../../../harness/evidence/store/folder.ts";
import { runWorkflow, type Trigger, type WorkflowRun } from "./github.ts";
import { includeTemplate, type PipelineRun, runPipeline } from "./gitlab.ts";
import { configFile, type KeptShards, keepShards } from "./kept-shards.ts";
import { type Left, Machine } from "./machine.ts";
import { parseWorkflow, type Workflow } from "./workflow.ts";

/** The templates for CI as they are, and what the README writes to call them. */

export const workflowFile = ".github/workflows/interlock.yml";
export const templateFile = "docs/ci/gitlab.yml";
export const text = await readFile(workflowFile, "utf8");
export const workflow = parseWorkflow(text);
export const template = await readFile(templateFile, "utf8");
export const [called, included] = await snippets();

/** What the README writes into a workflow and into a pipeline. */
async function snippets() {
  const readme = await readFile("README.md", "utf8");
  const section = readme.split(/^## /m).find((one) => one.startsWith("CI\n")) ?? "";
  return [...section.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => parse(yaml as string));
}

const lost = {
  format: 2,
  workload: { jobs: [{ scenario: "web", engine: "presto" }], workers: 1 },
  releases: { api: "current", workers: {} },
  seed: 1,
  faults: [
    {
      at: { link: "worker->api", operation: "worker.finish", job: 1, occurrence: 1, phase: "after" },
      fault: { kind: "lost" },
    },
  ],
};

/** What a case has that is not as usual. */
interface Case {
  /** What the repository has; a list of what is live that asks for the matrix alone by default. */
  files?: Readonly<Record<string, string>>;
  secrets?: Readonly<Record<string, string>>;
  /** Of GitLab's project. */
  variables?: Readonly<Record<string, string>>;
  left?: readonly Left[];
  inputs?: Record<string, unknown>;
  cancelled?: readonly string[];
  passed?: readonly string[];
  attempt?: number;
  store?: string;
  workflow?: Workflow;
  /** What a change makes of the repository's list of what is live. */
  changed?: string;
  /** What the default branch has, where that is not what the repository has. */
  base?: Readonly<Record<string, string>>;
  /** What the run was started by; a push by default. */
  by?: Trigger;
  /** Whether GitLab runs it for a branch without a request; so it does by default. */
  isBranch?: boolean;
}

/** The templates on machines of which each shard leaves what a run has left. */
export class Templates implements AsyncDisposable {
  readonly root: string;
  readonly kept: KeptShards;
  /** The repository's list of what is live. */
  readonly files: Record<string, string>;
  /** The same, with a schedule that its policy asks for, and that schedule. */
  readonly asking: Record<string, string>;

  private constructor(root: string, kept: KeptShards, [files, asking]: Record<string, string>[]) {
    this.root = root;
    this.kept = kept;
    this.files = files ?? {};
    this.asking = asking ?? {};
  }

  static async open(): Promise<Templates> {
    const root = await mkdtemp(join(tmpdir(), "interlock-ci-test-"));
    const kept = await keepShards(root);
    const schedules = { "lost.json": JSON.stringify(lost) };
    await using machine = await Machine.open({ files: schedules, left: [] });
    const workspace = await machine.folder();
    await machine.checkout(workspace);
    const { folder } = kept.first;
    const attested = `script/interlock attested '${folder}' --policy --config ${configFile}`;
    const live = await machine.bash(attested, workspace, {});
    const asking = await machine.bash(`${attested} --faults lost.json`, workspace, {});
    return new Templates(root, kept, [
      { "deployed.json": live.log },
      { "deployed.json": asking.log, ...schedules },
    ]);
  }

  /** The list of what is live as a change makes it that asks less of itself: of another day, and without a list of engines. */
  askingLess(): string {
    const { policy, ...live } = JSON.parse(this.files["deployed.json"] ?? "");
    return JSON.stringify({ ...live, at: "1969-12-31T00:00:00Z", policy: { ...policy, engines: {} } });
  }

  /** The URL of a new store that is a folder. */
  async newStore(): Promise<string> {
    const folder = await mkdtemp(join(this.root, "store-"));
    await new FolderStore(folder).migrate();
    return pathToFileURL(folder).href;
  }

  async onGitHub(asked: Case): Promise<WorkflowRun> {
    await using machine = await this.#machine(asked);
    return await runWorkflow(asked.workflow ?? workflow, {
      machine,
      inputs: { ...called.jobs.interlock.with, config: configFile, ...asked.inputs },
      store: asked.store ?? (await machine.folder()),
      attempt: asked.attempt ?? 1,
      by: asked.by,
      secrets: asked.secrets ?? {},
      cancelled: asked.cancelled ?? [],
      passed: asked.passed ?? [],
    });
  }

  async onGitLab(
    asked: Pick<
      Case,
      "files" | "base" | "variables" | "left" | "inputs" | "cancelled" | "changed" | "isBranch"
    >,
  ): Promise<PipelineRun> {
    await using machine = await this.#machine(asked);
    const [{ inputs }] = included.include;
    const pipeline = includeTemplate(template, { ...inputs, config: configFile, ...asked.inputs });
    const predefined = {
      CI_DEFAULT_BRANCH: "main",
      ...(asked.isBranch === false ? { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main" } : {}),
      ...asked.variables,
    };
    return await runPipeline(pipeline, { machine, canceled: asked.cancelled ?? [], predefined });
  }

  #machine({
    files = this.files,
    left = [this.kept.first, this.kept.second],
    changed,
    base,
  }: Case): Promise<Machine> {
    if (changed === undefined) return Machine.open({ files, left, base });
    return Machine.open({ files: { ...files, "deployed.json": changed }, left, base: base ?? files });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

export const results = (run: WorkflowRun | PipelineRun) =>
  Object.fromEntries(Object.entries(run).map(([name, { result }]) => [name, result]));

/** How each summary of the gate's job begins. */
export const headings = (run: WorkflowRun) => (run["gate"]?.summary ?? "").match(/(?<=^## )\w+: \w+/gm);
