import { refusedTo, standings } from "../authority.ts";
import type { ConsumerContract } from "../consumer.ts";
import { importsV5, importsV6 } from "../consumers/imports.ts";
import { v5 } from "../consumers/v5.ts";
import { v6 } from "../consumers/v6.ts";
import { destinationForms, parseDestination } from "../destination.ts";
import { errorBody, isRetryable, statusOf } from "../errors.ts";
import { clusters, engineFor, engines, enginesOf, queryTypes, transitions } from "../job.ts";
import { freedoms } from "../model/free.ts";
import { commonReasons, type Operation } from "../operation.ts";
import { resultMediaTypes } from "../operations/jobs.ts";
import { operations } from "../operations.ts";
import { duties } from "../promises/duties.ts";
import { backOffs, systemLimits } from "../promises/limits.ts";
import { protocols } from "../protocol.ts";
import { type Json, schemaWriter } from "./written-schema.ts";

/** Grows when a set means something else than before, so that an older Interlock refuses it by name. */
export const contractSetVersion = 1;

/** A contract set as JSON: all that API, workers and customers promise each other. Schemas are JSON Schema 2020-12. */
export interface ContractSet {
  format: "interlock-contracts";
  version: typeof contractSetVersion;
  operations: Record<string, Json>;
  /** Those that others refer to as `#/schemas/<name>`. */
  schemas: Record<string, Json>;
  [section: string]: unknown;
}

/** What is put into a set; by default everything of `contracts/`. */
export interface Contracts {
  operations: Readonly<Record<string, Operation>>;
  consumers: readonly ConsumerContract[];
}

const present: Contracts = { operations, consumers: [v5, v6, importsV5, importsV6] };

/** The contracts as one document: the same for the same contracts, whatever the machine. */
export function contractSet({ operations: all, consumers }: Contracts = present): ContractSet {
  const { write, schemas } = schemaWriter();
  return {
    format: "interlock-contracts",
    version: contractSetVersion,
    operations: mapped(all, (operation) => operationOf(operation, write)),
    error: write(errorBody),
    retryable: statusRanges(isRetryable),
    protocols: [...protocols],
    life: {
      transitions,
      generations: enginesOf,
      engines: Object.fromEntries(
        queryTypes.flatMap((type) =>
          clusters.map((cluster) => [`${type} of ${cluster}`, engineFor(type, cluster)]),
        ),
      ),
      all: [...engines],
    },
    destinations: mapped(destinationForms, ({ settings, schemes, examples, mostRows }) => ({
      schemes: [...schemes],
      settings: write(settings),
      meant: meantBy(examples),
      ...(mostRows === undefined ? {} : { mostRows }),
    })),
    results: resultMediaTypes,
    limits: { ...systemLimits, backOffs },
    duties,
    free: freedomsOf("any"),
    consumers: Object.fromEntries(consumers.map((one) => [one.consumer, consumerOf(one, write)])),
    schemas,
  };
}

/** What URLs mean: their settings, or null where they mean none. */
const meantBy = (urls: readonly string[]): Json =>
  Object.fromEntries(
    urls.map((url) => {
      const parsed = parseDestination(url);
      return [url, parsed.ok ? parsed.settings : null];
    }),
  );

type Write = ReturnType<typeof schemaWriter>["write"];

/** Every key of an operation, so that none can be forgotten; `facts` of a meaning is how Interlock reads a call. */
const operationParts: {
  [Key in keyof Required<Operation>]: (operation: Operation, write: Write) => unknown;
} = {
  id: ({ id }) => id,
  summary: ({ summary }) => summary,
  method: ({ method }) => method,
  path: ({ path }) => path,
  audience: ({ audience }) => audience,
  again: ({ again }) => again,
  input: ({ input }, write) => write(input),
  reply: ({ reply }, write) =>
    reply.kind === "json"
      ? { kind: reply.kind, schema: write(reply.schema) }
      : { kind: reply.kind, mediaTypes: [...reply.mediaTypes] },
  forms: ({ forms = {} }, write) => mapped(forms, (byProtocol) => mapped(byProtocol, (form) => write(form))),
  meaning: ({ meaning }) => meaning?.step ?? null,
  reasons: ({ reasons }) =>
    Object.fromEntries([...commonReasons, ...reasons].map((reason) => [reason, statusOf[reason]])),
};

const operationOf = (operation: Operation, write: Write): Json => ({
  ...mapped(operationParts, (part) => part(operation, write)),
  free: freedomsOf(operation.id),
  refusedTo: Object.fromEntries(standings.map((standing) => [standing, refusedTo(operation, standing)])),
});

/** Interactions by their names; where several engines have one of a name, by engine as well. */
function consumerOf({ consumer, interactions, ...head }: ConsumerContract, write: Write): Json {
  const keys = new Set<string>();
  const keyOf = ({ name, given, send }: ConsumerContract["interactions"][number]) => {
    const asked = Array.isArray(send["engines"]) ? String(send["engines"]) : given?.type;
    const key = asked === undefined ? name : `${name} (${asked})`;
    if (keys.has(key)) throw new Error(`two interactions of ${consumer} are called ${key}`);
    keys.add(key);
    return key;
  };
  return {
    ...head,
    interactions: Object.fromEntries(
      interactions.map((one) => [
        keyOf(one),
        {
          operation: one.operation,
          given: one.given,
          send: one.send,
          reply: one.reply,
          reads: write(one.reads),
        },
      ]),
    ),
  };
}

/** How free the fields of an operation are, by side and field; all others are exact. */
const freedomsOf = (operation: string): Json =>
  Object.fromEntries(
    freedoms
      .filter(({ operations: named }) =>
        named === "any" ? operation === "any" : named.some((id) => id === operation),
      )
      .map(({ side, field, refused, how }) => [`${refused ? "refused " : ""}${side}: ${field}`, how]),
  );

const mapped = <T, R>(of: Readonly<Record<string, T>>, to: (value: T, key: string) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [key, to(value, key)]));

/** The HTTP statuses that a rule holds for: `429`, `500-599`. */
function statusRanges(holds: (status: number) => boolean): string[] {
  const ranges: [number, number][] = [];
  for (let status = 100; status < 600; status += 1) {
    if (!holds(status)) continue;
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === status - 1) last[1] = status;
    else ranges.push([status, status]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
}
