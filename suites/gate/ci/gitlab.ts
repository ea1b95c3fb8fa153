import { cp, mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import type { Machine } from "./machine.ts";

/** Runs a pipeline of GitLab here, as far as our template uses them; whatever else stands in it is refused. */

const input = z.strictObject({
  description: z.string(),
  type: z.enum(["string", "number", "array"]).default("string"),
  default: z.unknown().optional(),
});
const head = z.strictObject({ spec: z.strictObject({ inputs: z.record(z.string(), input) }) });

const base = z.strictObject({
  tags: z.array(z.string()),
  variables: z.record(z.string(), z.union([z.string(), z.number()])),
});
const job = z.strictObject({
  extends: z.literal(".interlock"),
  stage: z.string(),
  when: z.literal("always").optional(),
  parallel: z.number().int().min(1).max(200).optional(),
  script: z.array(z.string()).min(1),
  artifacts: z
    .strictObject({
      when: z.literal("always").optional(),
      paths: z.array(z.string()).default([]),
      reports: z.strictObject({ junit: z.array(z.string()) }).optional(),
    })
    .optional(),
});
type Job = z.output<typeof job>;
const body = z.object({ stages: z.array(z.string()), ".interlock": base }).catchall(job);

type Values = Readonly<Record<string, unknown>>;

/** The template as an `include` with these inputs has it. */
export function includeTemplate(text: string, given: Values) {
  const [first, second] = parseAllDocuments(text).map((document): unknown => document.toJS());
  const { inputs } = head.parse(first).spec;
  const unknown = Object.keys(given).filter((name) => !(name in inputs));
  if (unknown.length > 0) throw new Error(`no input is named ${unknown.join(" or ")}`);
  const values = Object.fromEntries(
    Object.entries(inputs).map(([name, { type, default: usual }]) => {
      const value = given[name] ?? usual;
      const found = Array.isArray(value) ? "array" : typeof value;
      if (found !== type) throw new Error(`input ${name}: expected a ${type}, got ${found}`);
      return [name, value];
    }),
  );
  const { stages, ".interlock": shared, ...jobs } = body.parse(filled(second, values));
  return { stages, shared, jobs: jobs as Record<string, Job> };
}

/** A text that is one input has its type. */
function filled(value: unknown, values: Values): unknown {
  if (Array.isArray(value)) return value.map((one) => filled(one, values));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one, values)]));
  if (typeof value !== "string" || !value.includes("$[[")) return value;
  const name = /^\$\[\[ inputs\.(\w+) \]\]$/.exec(value)?.[1] ?? "";
  if (!(name in values)) throw new Error(`${value} is beyond these tests, or no input`);
  return values[name];
}

export interface JobRun {
  result: "success" | "failure" | "canceled" | "skipped";
  exit: number;
  log: string;
  /** Its reports that were written. */
  reports: readonly string[];
  /** What lies in its artefacts, but for reports: file or folder, by path. */
  kept: readonly string[];
}

interface Started {
  machine: Machine;
  /** Jobs, by name, that somebody stops before they do anything. */
  canceled?: readonly string[];
  /** Variables that GitLab gives to every job. */
  predefined?: Readonly<Record<string, string>>;
}

type Pipeline = ReturnType<typeof includeTemplate>;
export type PipelineRun = Readonly<Record<string, JobRun>>;

/** Runs all jobs, stage by stage, each with the artefacts of the stages before. */
export async function runPipeline(
  { stages, shared, jobs }: Pipeline,
  started: Started,
): Promise<PipelineRun> {
  const done: Record<string, JobRun> = {};
  const store = await started.machine.folder();
  for (const stage of stages) {
    const hasFailed = Object.values(done).some(({ result }) => result !== "success");
    for (const [name, spec] of Object.entries(jobs).filter(([, one]) => one.stage === stage))
      for (const [leg, variables] of legsOf(name, spec)) {
        const isWanted = spec.when === "always" || !hasFailed;
        const env = { ...started.predefined, ...stringsOf(shared.variables), ...variables };
        if (started.canceled?.includes(leg)) done[leg] = idle("canceled");
        else done[leg] = isWanted ? await runJob(spec, { ...started, store, env }) : idle("skipped");
      }
  }
  return done;
}

const idle = (result: JobRun["result"]): JobRun => ({ result, exit: 0, log: "", reports: [], kept: [] });

const stringsOf = (values: Values): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));

/** The jobs that `parallel` makes, with the names and variables that GitLab gives them. */
const legsOf = (name: string, { parallel: of }: Job): [name: string, variables: Record<string, string>][] =>
  of === undefined
    ? [[name, {}]]
    : Array.from({ length: of }, (_, i) => [
        `${name} ${i + 1}/${of}`,
        { CI_NODE_INDEX: `${i + 1}`, CI_NODE_TOTAL: `${of}` },
      ]);

interface Running extends Started {
  store: string;
  env: Record<string, string>;
}

async function runJob({ script, artifacts }: Job, { machine, store, env }: Running): Promise<JobRun> {
  const workspace = await machine.folder();
  await machine.checkout(workspace);
  await cp(store, workspace, { recursive: true });
  const { exit, log } = await machine.bash(script.join("\n"), workspace, env);
  const isKept = exit === 0 || artifacts?.when === "always";
  const paths = isKept ? (artifacts?.paths ?? []) : [];
  for (const path of paths) await copyIfThere(workspace, path, store);
  const reports = artifacts?.reports?.junit ?? [];
  const written = await Promise.all(reports.map((name) => isThere(join(workspace, name))));
  return {
    result: exit === 0 ? "success" : "failure",
    exit,
    log,
    reports: isKept ? reports.filter((_, i) => written[i]) : [],
    kept: (await Promise.all(paths.map((path) => namesIn(workspace, path)))).flat(),
  };
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const namesIn = (from: string, path: string): Promise<string[]> =>
  readdir(join(from, path)).then(
    (names) => names.toSorted().map((name) => join(path, name)),
    () => [],
  );

async function copyIfThere(from: string, path: string, to: string): Promise<void> {
  if (!(await isThere(join(from, path)))) return;
  await mkdir(dirname(join(to, path)), { recursive: true });
  await cp(join(from, path), join(to, path), { recursive: true });
}
