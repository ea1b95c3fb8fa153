import { clusterOf, queryTypeOf } from "../../contracts/job.ts";
import type { OperationId } from "../../contracts/operations.ts";
import type { Row } from "../../contracts/values.ts";
import type { OwnDatabase } from "../customers/own-database.ts";
import type { Order } from "../customers/script.ts";
import type { Stream } from "../customers/streaming.ts";
import { type DestinationName, kindNamed } from "../destinations/index.ts";
import { UsageError } from "../errors.ts";
import { packedRecords } from "../packed-records.ts";
import {
  destinationNameOf,
  type Output,
  type Scenario,
  type Scenarios,
  scenarioFor,
  serviceTableOf,
} from "../schedule/scenario.ts";
import { type Schedule, topicsOf, type WorkloadJob } from "../schedule/schedule.ts";
import type { SourceTable } from "../schedule/source-table.ts";
import { deletedRange, exportedRange, statementOf } from "../schedule/statements.ts";
import { domainKey, targetTable } from "../schedule/targets.ts";

/** A job of a schedule with what its scenario says of it. */
export interface Job {
  /** In the workload, from 1. */
  number: number;
  engine: WorkloadJob["engine"];
  customer: NonNullable<WorkloadJob["customer"]>;
  /** With its customer's rows. */
  scenario: Scenario;
  /** As it stands in the config. */
  template: Scenario;
  /** A name that no other job of the rig has: its table, or the last part of its destination. */
  target: string;
  /** Whether it is the first one of its engine. */
  isFirst: boolean;
}

/** The jobs of a schedule. `prefix` is before the targets of a rig that runs several schedules. */
export function jobsOf({ workload }: Schedule, scenarios: readonly Scenario[], prefix = ""): Job[] {
  const byName = new Map(scenarios.map((scenario) => [scenario.name, scenario]));
  return workload.jobs.map(({ scenario: name, engine, customer = "script" }, i) => {
    const template = byName.get(name);
    if (template === undefined)
      throw new UsageError(
        `job ${i + 1} of the schedule: the config has no scenario ${name}; it has ${[...byName.keys()].join(", ")}`,
      );
    const scenario = scenarioFor(template, clusterOf(engine));
    const isFirst = workload.jobs.findIndex((job) => job.engine === engine) === i;
    const target = targetTable(i + 1, prefix);
    return { number: i + 1, engine, customer, scenario, template, target, isFirst };
  });
}

/** The scenarios that a schedule names, for its history. */
export const scenariosOf = (jobs: readonly Job[]): Scenarios =>
  Object.fromEntries(jobs.map(({ template }) => [template.name, template]));

/** Where a destination is, for whoever writes its URL. */
export type UrlOf = (name: DestinationName, output: Output, target: string) => string;

/** Whose order it is. */
export interface Owner {
  apikey: string;
  database: string;
  /** Whether it moves what it has made before a job reads it, and makes a database of its own first. */
  moves?: boolean;
}

/** Whether what others have made may be moved: a move whose answer is lost may come at any later time. */
export const mayMove = ({ faults }: Schedule, lacks: readonly OperationId[] = []): boolean =>
  faults.length === 0 && !lacks.includes("table.swap");

/** Whether tables of the workload are moved, and databases made. */
export const isMoving = (schedule: Schedule, lacks: readonly OperationId[] = []): boolean =>
  topicsOf(schedule).includes("lives") && mayMove(schedule, lacks);

/**
 * What the customer asks for. A job's result goes where `urlOf` says; a destination that the API must refuse is written
 * as it is. `prefix` is that of the targets.
 */
export function orderOf(job: Job, owner: Owner, urlOf: UrlOf, prefix = ""): Order {
  const { engine, scenario, target, customer, number } = job;
  const { source, statement } = scenario;
  const { database } = owner;
  const result = resultOf(job, owner, urlOf);
  const { loads } = statementOf(statement);
  return {
    ...(serviceTableOf(scenario) === null ? {} : { fills: { table: target, records: recordsIn(scenario) } }),
    ...(statementOf(statement).effect === "streams"
      ? { stream: { ...streamOf(job), ...(owner.moves ? { beside: `${target}_beside` } : {}) } }
      : {}),
    ...(owner.moves && job.isFirst ? { own: ownOf(job, prefix) } : {}),
    ...(statement.kind === "bulk-import" ? { load: { table: target, parts: knownParts(source) } } : {}),
    ...(scenario.twice && statement.kind !== "result-export" ? { earlier: earlierOf(job, prefix) } : {}),
    ...(statement.kind === "partial-delete" ? { deletion: { table: target, ...deletedRange } } : {}),
    ...(statement.kind === "export" ? { extraction: { table: target, ...exportedRange } } : {}),
    ...(loads === undefined
      ? {}
      : { connection: { table: target, mode: loads, unreadable: unreadableOf(job, urlOf) } }),
    ...(statement.kind === "result-export"
      ? { exports: scenario.twice ? ("again" as const) : ("first" as const) }
      : {}),
    ...(statement.kind === "scheduled-query"
      ? { scheduled: { name: target, isDue: scenario.due === true, turns: turnsOf(source) } }
      : {}),
    type: queryTypeOf(engine),
    database,
    query: statementOf(statement).query(source, scenario.alike ? "" : target),
    ...(result === null ? {} : { result }),
    ...(scenario.retryLimit === undefined ? {} : { retry_limit: scenario.retryLimit }),
    // npm td cannot send one.
    ...(customer === "td" ? {} : { domain_key: prefix + domainKey(number) }),
  };
}

/** What names no job of the workload is another one. */
const turnsOf = (source: Job["scenario"]["source"]) => ({
  fails: statementOf({ kind: "failing" }).query(source, ""),
  succeeds: statementOf({ kind: "select" }).query(source, ""),
});

/** So many stand in a table of the service at the end. */
const recordsIn = ({ source, twice }: Job["scenario"]): number => source.rows.length * (twice ? 2 : 1);

/** It has the name of the job's target, so that rigs know whose it is. The job that reads in it is none of the workload. */
const ownOf = ({ engine, target, customer, number }: Job, prefix: string): OwnDatabase => ({
  type: queryTypeOf(engine),
  database: target,
  ...(customer === "td" ? {} : { domain_key: `${prefix}${domainKey(number)}-own` }),
});

/** Neither query nor key names the job of the workload: it is another one. */
const earlierOf = ({ scenario, customer, number }: Job, prefix: string): NonNullable<Order["earlier"]> => ({
  query: statementOf(scenario.statement).query(scenario.source, ""),
  ...(customer === "td" ? {} : { domain_key: `${prefix}${domainKey(number)}-earlier` }),
});

/** The URLs of what lies beside that its job reads, and no job can read. */
function unreadableOf({ scenario: { output }, target }: Job, urlOf: UrlOf): string[] {
  const name = destinationNameOf({ output });
  if (name === null || output === null) return [];
  const outputs = (kindNamed(name).unreadable?.(output) ?? []) as Output[];
  return outputs.map((one) => urlOf(name, one, target));
}

function resultOf({ scenario, target }: Job, owner: Owner, urlOf: UrlOf): string | null {
  const { output } = scenario;
  const name = destinationNameOf(scenario);
  if (output === null) return null;
  if (output.kind === "invalid") return output.url;
  return name === null ? (serviceTableOf(scenario)?.url(target, owner) ?? null) : urlOf(name, output, target);
}

/** Made of each by `make` once: thousands of schedules load the same few tables. */
function onceEach<T>(make: (source: SourceTable) => T): (source: SourceTable) => T {
  const known = new WeakMap<SourceTable, T>();
  return (source) => {
    const before = known.get(source);
    if (before !== undefined) return before;
    const made = make(source);
    known.set(source, made);
    return made;
  };
}

const knownParts = onceEach(partsOf);
const knownHalves = onceEach(halvesOf);

/**
 * The rows in two parts, so that one can be missing or come twice, with records beside them, and whole parts, that are in
 * error. A record has a field that the table has no column for.
 */
function partsOf(source: SourceTable): Readonly<Record<string, string>> {
  const { rows } = source;
  const half = Math.ceil(rows.length / 2);
  const time = 1_508_716_800;
  const records = rows.map((row) => ({ nobodys: "value", time, ...withoutNulls(recordOf(source, row)) }));
  const [first, second] = [records.slice(0, half), records.slice(half)];
  const cut = packedRecords(records).slice(0, -16);
  return {
    a: packedRecords([...first, { id: 1 }]),
    b: cut,
    c: packedRecords([]),
    d: packedRecords([{ time: "now" }, ...second, { time, id: [1] }]),
    e: Buffer.from("time,id\n0,1\n").toString("base64"),
  };
}

/** As real clients send it. */
const withoutNulls = (record: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));

const streamOf = (job: Job): Omit<Stream, "database"> => ({
  table: job.target,
  records: job.scenario.source.rows.length,
  chunks: chunksOf(job),
});

/** The rows in two chunks; npm td sends one of them without an id, as it does when it is told none. */
function chunksOf({ scenario: { source }, target, customer }: Job): { id: string | null; content: string }[] {
  const id = Buffer.from(target).toString("hex");
  const [first, second] = knownHalves(source);
  return [
    { id: `${id}a`, content: first },
    { id: customer === "td" ? null : `${id}b`, content: second },
  ];
}

function halvesOf(source: SourceTable): [string, string] {
  const { rows } = source;
  const half = Math.ceil(rows.length / 2);
  const packed = (some: SourceTable["rows"]) => packedRecords(some.map((row) => recordOf(source, row)));
  return [packed(rows.slice(0, half)), packed(rows.slice(half))];
}

const recordOf = ({ columns, booleans }: SourceTable, row: Row): Record<string, unknown> =>
  Object.fromEntries(
    columns.map(([name, type], i) => {
      const value = row[i] ?? null;
      return [name, value !== null && booleans?.includes(name) ? value === 1 : sentAs(type, value)];
    }),
  );

/** An integer that no number holds stands as its digits. */
const sentAs = (type: string, value: Row[number] | undefined): unknown =>
  type === "bigint" && typeof value === "string" ? BigInt(value) : value;

/** Jobs that follow one another: each begins when the one so many places before it has come to its end. */
export const lanesOf = (jobs: readonly Job[], atOnce: number): Job[][] => [
  ...Map.groupBy(jobs, (job) => (job.number - 1) % atOnce).values(),
];
