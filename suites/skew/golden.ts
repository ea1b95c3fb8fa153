import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { field, textField } from "../../contracts/step.ts";
import { basesOf } from "../../harness/explore/workloads.ts";
import type { ExchangeEvent } from "../../harness/history/event.ts";
import type { OpenRig } from "../../harness/rigs/rig.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import { config, engines } from "./rig.ts";

/**
 * Golden exchanges: of each operation, caller and answer the first one that releases had with each other. Whoever changes
 * what a release sends or answers, on purpose or not, changes them.
 */

/** By `operation caller status reason`. */
export type Golden = Readonly<Record<string, { request: unknown; reply: unknown }>>;

const told = [
  "web",
  "insert-into",
  "create-table",
  "killed",
  "query-fails",
  "bad-destination",
  "mysql-update",
];

/** What the releases say to each other over these jobs, and to Interlock's probe. */
export async function goldenOf({ run }: OpenRig, releases: Schedule["releases"]): Promise<Golden> {
  const scenarios = config.scenarios.filter(({ name }) => told.includes(name));
  const bases = basesOf(engines, scenarios, releases, 1).map(({ base }) => base);
  const probed = bases
    .slice(0, 1)
    .map((base) => ({ ...base, workload: { ...base.workload, probe: true as const } }));
  const runs = await run([...bases, ...probed]);
  const exchanges = runs.flatMap(({ events }) => events.filter((event) => event.kind === "exchange"));
  const golden: Record<string, Golden[string]> = {};
  for (const exchange of exchanges)
    golden[keyOf(exchange)] ??= { request: scrubbed(exchange.request), reply: scrubbed(exchange.reply) };
  return Object.fromEntries(Object.entries(golden).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function keyOf({ operation, generation, customer, probe, status, reply }: ExchangeEvent): string {
  const caller = generation ?? customer ?? "nobody";
  const reason =
    textField(field(reply, "details"), "reason") ?? (field(reply, "job") === null ? "no job" : "");
  return [operation, probe === undefined ? caller : `${caller} as ${probe}`, status, reason].join(" ").trim();
}

/** What another run may have otherwise: by field, what stands in its place. All else must be the same to the letter. */
const scrubs: Readonly<Record<string, string>> = {
  created_at: "a time",
  updated_at: "a time",
  start_at: "a time",
  end_at: "a time",
  counter_updated_at: "a time",
  last_log_timestamp: "a time",
  duration: "seconds",
  cpu_time: "seconds",
  etag: "an etag",
};

function scrubbed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(scrubbed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      inner !== null && name in scrubs ? scrubs[name] : scrubbed(inner),
    ]),
  );
}

const fileOf = (name: string): string => join(import.meta.dirname, "golden", `${name}.json`);

/** The releases that golden exchanges are kept of in full; of all others what differs from these. */
export const fullOf = { api: "current", workers: { v5: "current", v6: "current" } };

export const nameOf = ({ api, workers }: Schedule["releases"]): string =>
  `api-${api}+v5-${workers.v5}+v6-${workers.v6}`;

/** As they were recorded. */
export async function recorded(releases: Schedule["releases"]): Promise<Golden> {
  const own = JSON.parse(await readFile(fileOf(nameOf(releases)), "utf8")) as Partial<Golden>;
  const base = nameOf(releases) === nameOf(fullOf) ? {} : await recorded(fullOf);
  return Object.fromEntries(Object.entries({ ...base, ...own }).filter(([, one]) => one !== null)) as Golden;
}

/** Keeps them, an exchange a line. @param full those of `fullOf` */
export async function record(releases: Schedule["releases"], golden: Golden, full: Golden): Promise<void> {
  const isFull = nameOf(releases) === nameOf(fullOf);
  const gone = Object.keys(full).flatMap((key) => (key in golden ? [] : [[key, null] as const]));
  const own = Object.entries(golden).filter(([key, one]) => isFull || !isDeepStrictEqual(one, full[key]));
  const lines = [...own, ...gone].map(([key, one]) => `${JSON.stringify(key)}: ${JSON.stringify(one)}`);
  await mkdir(dirname(fileOf("")), { recursive: true });
  await writeFile(fileOf(nameOf(releases)), `{\n${lines.join(",\n")}\n}\n`);
}

/** Where two differ, as `operation: path`, once each; of an exchange that only one of them had the operation and its answer. */
export function deltas(before: Golden, after: Golden): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const found = keys.flatMap((key) => {
    const [operation = ""] = key.split(" ");
    const [a, b] = [before[key], after[key]];
    if (a === undefined || b === undefined) return [`${a === undefined ? "+" : "-"} ${key}`];
    return (["request", "reply"] as const).flatMap((side) =>
      differing(a[side], b[side], side).map((path) => `${operation}: ${path}`),
    );
  });
  return [...new Set(found)].sort();
}

function differing(a: unknown, b: unknown, path: string): string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  const isBoth = [a, b].every((value) => typeof value === "object" && value !== null);
  if (!isBoth) return [path];
  const [x, y] = [a, b] as Record<string, unknown>[];
  return [...new Set([...Object.keys(x ?? {}), ...Object.keys(y ?? {})])].flatMap((name) => {
    if (x !== undefined && y !== undefined && name in x && name in y)
      return differing(x[name], y[name], `${path}.${name}`);
    return [`${path}.${name} ${name in (y ?? {}) ? "added" : "gone"}`];
  });
}
