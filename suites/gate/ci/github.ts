import { cp, mkdir, readdir } from "node:fs/promises";
import { join, matchesGlob } from "node:path";
import { type Machine, textIn } from "./machine.ts";
import {
  type ActionStep,
  type Context,
  fill,
  inputsOf,
  type Job,
  type ScriptStep,
  type Step,
  valueOf,
  type Workflow,
} from "./workflow.ts";

/** Runs a workflow of GitHub here, job by job: a small reading of what the runner does. */

export interface JobRun {
  result: "success" | "failure" | "cancelled" | "skipped";
  /** Of the first step that failed; 0 where none did. */
  exit: number;
  log: string;
  summary: string;
  outputs: Readonly<Record<string, string>>;
}

export type Trigger = "push" | "workflow_dispatch" | "pull_request" | "merge_group";

const defaultBranch = "main";

interface Call {
  machine: Machine;
  inputs: Context;
  /** Where artefacts are kept, also those of earlier attempts. */
  store: string;
  attempt?: number;
  /** What started it; a request or a queue goes into the default branch. */
  by?: Trigger | undefined;
  /** Secrets of the repository, by name. */
  secrets?: Readonly<Record<string, string>>;
  /** Jobs of the matrix, by name, that somebody stops before they do anything. */
  cancelled?: readonly string[];
  /** Jobs of the matrix that passed at an earlier attempt and are not repeated. */
  passed?: readonly string[];
}

export type WorkflowRun = Readonly<Record<string, JobRun>>;

export const isGreen = (run: WorkflowRun): boolean =>
  Object.values(run).every(({ result }) => result === "success");

export async function runWorkflow(workflow: Workflow, call: Call): Promise<WorkflowRun> {
  const inputs = inputsOf(workflow.on.workflow_call.inputs, call.inputs);
  const baseOf = (by: Trigger) => (call.by === by ? defaultBranch : "");
  const event = {
    repository: { default_branch: defaultBranch },
    pull_request: { base: { sha: baseOf("pull_request") } },
    merge_group: { base_sha: baseOf("merge_group") },
  };
  const github = { run_attempt: call.attempt ?? 1, event };
  const unset = Object.keys(workflow.on.workflow_call.secrets).map((name) => [name, ""]);
  const secrets = { ...Object.fromEntries(unset), ...call.secrets };
  const done: Record<string, JobRun> = {};
  // They stand in the order in which they need each other.
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const needs = Object.fromEntries(job.needs.map((one) => [one, done[one] as JobRun]));
    const isWanted = job.if !== undefined || Object.values(needs).every(({ result }) => result === "success");
    done[name] = isWanted
      ? await runJob(job, { inputs, github, secrets, needs }, workflow, call)
      : idle("skipped");
  }
  return done;
}

const idle = (result: JobRun["result"]): JobRun => ({ result, exit: 0, log: "", summary: "", outputs: {} });

/** A job, or all that its matrix makes of it. */
async function runJob(job: Job, context: Context, workflow: Workflow, call: Call): Promise<JobRun> {
  if (job.strategy === undefined) return runLeg(job, context, workflow, call);
  const { include } = valueOf(job.strategy.matrix, context) as { include: Context[] };
  const legs: JobRun[] = [];
  for (const matrix of include) {
    const name = fill(job.name, { matrix });
    if (call.cancelled?.includes(name)) legs.push(idle("cancelled"));
    else if (call.passed?.includes(name)) legs.push(idle("success"));
    else legs.push(await runLeg(job, { ...context, matrix }, workflow, call));
  }
  const worst = (["failure", "cancelled"] as const).find((one) => legs.some(({ result }) => result === one));
  return {
    result: worst ?? "success",
    exit: legs.find(({ exit }) => exit !== 0)?.exit ?? 0,
    log: legs.map(({ log }) => log).join("\n"),
    summary: legs.map(({ summary }) => summary).join("\n"),
    outputs: {},
  };
}

async function runLeg(job: Job, context: Context, workflow: Workflow, call: Call): Promise<JobRun> {
  const workspace = await call.machine.folder();
  const steps: Record<string, { outputs: Context }> = {};
  const all: Ended[] = [];
  let exit = 0;
  for (const step of job.steps) {
    if (exit !== 0 && step.if === undefined) continue;
    const place = { workspace, context: { ...context, steps }, workflow, call };
    const ended = await runStep(step, place);
    all.push(ended);
    if ("id" in step && step.id !== undefined) steps[step.id] = { outputs: ended.outputs };
    if (exit === 0) exit = ended.exit;
  }
  return {
    result: exit === 0 ? "success" : "failure",
    exit,
    log: all.map(({ log }) => log).join("\n"),
    summary: all.map(({ summary }) => summary).join("\n"),
    outputs: exit === 0 ? filled(job.outputs, { ...context, steps }) : {},
  };
}

interface Place {
  workspace: string;
  context: Context;
  workflow: Workflow;
  call: Call;
}

interface Ended {
  exit: number;
  log: string;
  summary: string;
  outputs: Record<string, string>;
}

const ended = (more: Partial<Ended> = {}): Ended => ({ exit: 0, log: "", summary: "", outputs: {}, ...more });

const runStep = (step: Step, place: Place): Promise<Ended> =>
  "run" in step ? runScript(step, place) : runAction(step, place);

async function runScript(step: ScriptStep, { workspace, context, workflow, call }: Place): Promise<Ended> {
  const folder = await call.machine.folder();
  const files = { GITHUB_OUTPUT: join(folder, "output"), GITHUB_STEP_SUMMARY: join(folder, "summary") };
  const env = { ...filled(workflow.env, context), ...filled(step.env ?? {}, context), ...files };
  const said = await call.machine.bash(fill(step.run, context), workspace, env);
  const lines = (await textIn(files.GITHUB_OUTPUT)).split("\n").filter((line) => line !== "");
  return {
    ...said,
    summary: await textIn(files.GITHUB_STEP_SUMMARY),
    outputs: Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))),
  };
}

const filled = (texts: Context, context: Context): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fill(text, context)]));

async function runAction(step: ActionStep, place: Place): Promise<Ended> {
  const name = /^actions\/([\w-]+)@[0-9a-f]{40}$/.exec(step.uses)?.[1] ?? "";
  const act = actions[name];
  if (act === undefined) throw new Error(`the action ${step.uses} is beyond these tests`);
  return act(filled(step.with, place.context), place);
}

type Action = (given: Readonly<Record<string, string>>, place: Place) => Promise<Ended>;

const actions: Readonly<Record<string, Action>> = {
  checkout: async (_, { workspace, call }) => {
    await call.machine.checkout(workspace);
    return ended();
  },
  "upload-artifact": async (given, { workspace, call }) => {
    const { name = "", path = "" } = given;
    const isHidden = path.split("/").some((part) => part.startsWith("."));
    const from = join(workspace, path);
    const found = isHidden && given["include-hidden-files"] !== "true" ? [] : await namesIn(from);
    if (/[":<>|*?\r\n\\/]/.test(name)) return ended({ exit: 1, log: `an artefact cannot be named ${name}` });
    if ((await namesIn(call.store)).includes(name))
      return ended({ exit: 1, log: `${name} is there already` });
    if (found.length > 0) await cp(from, join(call.store, name), { recursive: true });
    const isRefused = found.length === 0 && given["if-no-files-found"] === "error";
    return ended(isRefused ? { exit: 1, log: `no files in ${path}` } : {});
  },
  "download-artifact": async ({ pattern = "", path = "" }, { workspace, call }) => {
    const found = (await namesIn(call.store)).filter((name) => matchesGlob(name, pattern));
    for (const name of found) {
      // One alone has no folder of its own.
      const into = found.length === 1 ? join(workspace, path) : join(workspace, path, name);
      await mkdir(into, { recursive: true });
      await cp(join(call.store, name), into, { recursive: true });
    }
    return ended();
  },
};

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
