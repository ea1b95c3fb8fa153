import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import type { OperationId } from "../../../../contracts/operations.ts";
import type { Millis } from "../../../../contracts/values.ts";
import { memoryStore } from "../../../../fixtures/api/store/memory.ts";
import { StorageError } from "../../../../fixtures/api/store/storage-error.ts";
import type { Store } from "../../../../fixtures/api/store/store.ts";
import { standardBuild } from "../../../../fixtures/build.ts";
import {
  type Call,
  type ClientName,
  type ClientPolicy,
  policies,
} from "../../../../fixtures/clients/policies.ts";
import { type Outcome, type RetryRule, type Sent, send } from "../../../../fixtures/clients/sending.ts";
import { type Answer, serviceOver } from "../../reference/service.ts";

/**
 * Public clients, as their own rules of sending again say, at an API whose database is away for ten minutes, in virtual
 * time: what the announcement of 2017-10-23 promised of each kind.
 */

const minute: Millis = 60_000;
export const awayMs: Millis = 10 * minute;

/** How the outage begins for a client. */
export interface Evening {
  /** Who is away: the database, so that the API answers by itself, or the API. */
  away: "database" | "api";
  /** How far into the outage the client makes its call. */
  into: Millis;
  /** Its first request was stored, and the answer lost. */
  isStored: boolean;
}

export const evenings: readonly Evening[] = (["database", "api"] as const).flatMap((away) =>
  [0, 5 * minute, 9.5 * minute].flatMap((into) =>
    [false, true].map((isStored) => ({ away, into, isStored })),
  ),
);

/** What a client was left with, and what is stored of its call in the end. */
export interface Left {
  sent: readonly Sent[];
  last: Answer | null;
  /** Jobs, or chunks. */
  stored: number;
}

type Patch = (build: typeof standardBuild) => typeof standardBuild;
export const repaired: Patch = (build) => build;

const into = { database: "shop", table: "orders" };
const content = gzipSync(encode({ time: 1_508_807_400, a: 1 })).toString("base64");

/** The call that stands for all of its verb. */
const asked: Record<Call, { operation: OperationId; input: Record<string, unknown> }> = {
  GET: { operation: "job.status", input: { job_id: "1" } },
  POST: {
    operation: "job.issue",
    input: { database: "shop", type: "presto", query: "SELECT 1", domain_key: "a-task" },
  },
  import: {
    operation: "table.import_with_id",
    input: { ...into, format: "msgpack.gz", unique_id: "5f1d", content },
  },
};

/** A service whose database can be away; its clock is moved by hand. */
async function serviceOf(patch: Patch, { away, isStored }: Evening) {
  const memory = memoryStore();
  const clock = { at: Date.UTC(2017, 9, 24, 1), now: () => clock.at };
  let awayUntil: Millis = 0;
  let mustStore = false;
  const through = async <T>(work: () => Promise<T>): Promise<T> => {
    if (clock.at >= awayUntil) return await work();
    if (!mustStore) throw new StorageError("unreachable", "ECONNREFUSED");
    await work();
    throw new StorageError("commit_unknown", "PROTOCOL_CONNECTION_LOST");
  };
  const store: Store = {
    ...memory,
    transaction: (label, work) => through(() => memory.transaction(label, work)),
    read: (label, work) => (mustStore ? memory.read(label, work) : through(() => memory.read(label, work))),
  };
  const service = await serviceOver(store, { build: patch(standardBuild), clock });
  await service.ask("customer", "table.create", { ...into, type: "log" });
  await service.issue();
  const before = { jobs: memory.data.jobs.size };
  const began = clock.at;
  const ends = began + awayMs;
  if (away === "database") awayUntil = ends;

  const ask = async (call: Call, at: Millis, isFirst: boolean): Promise<Answer | null> => {
    clock.at = at;
    const { operation, input } = asked[call];
    if (away === "api" && at < ends && !(isFirst && isStored)) return null;
    mustStore = isFirst && isStored && away === "database";
    const answer = await service.ask("customer", operation, input);
    mustStore = false;
    return away === "api" && at < ends ? null : answer;
  };
  const storedOf: Record<Call, () => number> = {
    GET: () => 0,
    POST: () => memory.data.jobs.size - before.jobs,
    import: () => memory.data.chunks.size,
  };
  return { ask, began, storedOf };
}

class NotAsked extends Error {
  readonly at: Millis;
  constructor(at: Millis) {
    super(`nobody has asked at ${at} ms yet`);
    this.at = at;
  }
}

/** The client's rules want an answer at once: they are followed anew with each answer that the API has given. */
export async function callOf(
  policy: Pick<ClientPolicy, "timeoutMs"> & { rules: readonly RetryRule[] },
  call: Call,
  evening: Evening,
  patch: Patch = repaired,
): Promise<Left> {
  const { ask, began, storedOf } = await serviceOf(patch, evening);
  const answers: { at: Millis; outcome: Outcome }[] = [];
  let last: Answer | null = null;
  for (;;) {
    let next = 0;
    try {
      const sent = send(
        policy,
        (at) => {
          const known = answers[next];
          next += 1;
          if (known?.at !== at) throw new NotAsked(at);
          return known.outcome;
        },
        () => 0.5,
      );
      return { sent, last, stored: storedOf[call]() };
    } catch (error) {
      if (!(error instanceof NotAsked)) throw error;
      last = await ask(call, began + evening.into + error.at, answers.length === 0);
      answers.push({ at: error.at, outcome: outcomeOf(last) });
    }
  }
}

const outcomeOf = (answer: Answer | null): Outcome =>
  answer === null
    ? { answer: "reset", afterMs: 0 }
    : {
        answer: answer.status,
        afterMs: 0,
        ...(answer.retryAfter === null ? {} : { retryAfterMs: 1_000 * Number(answer.retryAfter) }),
      };

/** As a public client makes a call. */
export function publicCall(client: ClientName, call: Call): Parameters<typeof callOf>[0] {
  const { timeoutMs, calls }: ClientPolicy = policies[client];
  const rules = calls[call];
  if (rules === undefined) throw new Error(`${client} makes no call ${call}`);
  return { timeoutMs, rules };
}

/** What was promised of a kind of client; what is wrong about what it was left with, in words. */
export type Promised = (left: Left, call: Call, evening: Evening) => string[];

const isDone = ({ last }: Left): boolean => last?.status === 200;
/** Whoever keeps the key of its task takes the job that has it for its own. */
const isKnown = ({ last }: Left): boolean =>
  last?.status === 409 && (last.body["details"] as { conflicts_with?: string }).conflicts_with === "2";

/** What is done is stored once, and what is not, never, but for a first request of which the answer was lost. */
const once: Promised = (left, call, { isStored }) => {
  if (call === "GET") return [];
  const least = isDone(left) || isStored ? 1 : 0;
  return left.stored === least ? [] : [`it is stored ${left.stored} times, in the place of ${least}`];
};

/** It tries until the service is there again, without anybody's help, and not for longer than it has tried by then. */
export const recovers: Promised = (left, call, evening) => {
  const at = left.sent.at(-1)?.at ?? 0;
  const missing = awayMs - evening.into;
  const patience = 2 * missing + minute;
  return [
    ...once(left, call, evening),
    ...(isDone(left) || isKnown(left) ? [] : [`it gave up: ${left.last?.status ?? "no answer"}`]),
    ...(at <= patience ? [] : [`it came back ${at - missing} ms late`]),
  ];
};

/** It ends in an error that invites to try again, or is only delayed. */
export const saysSo: Promised = (left, call, evening) => {
  const { last } = left;
  const isUnavailable = last === null || (last.status === 503 && last.retryAfter !== null);
  return [
    ...once(left, call, evening),
    ...(isDone(left) || isKnown(left) || isUnavailable ? [] : [`it was told ${last?.status}: ${last?.text}`]),
  ];
};
