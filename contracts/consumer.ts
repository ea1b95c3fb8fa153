import { createHash } from "node:crypto";
import { z } from "zod";
import { errorBody, statusOf } from "./errors.ts";
import type { Engine, Generation, QueryType } from "./job.ts";
import type { OperationId } from "./operations.ts";

/** What one worker generation needs of the API, as interactions: given a state, it sends this and reads that. */
export interface ConsumerContract {
  consumer: string;
  generation: Generation;
  engines: readonly Engine[];
  /** The day it was released; from then on its digest in `consumers/frozen.ts` must not change. */
  released: string;
  interactions: readonly Interaction[];
}

export interface Interaction {
  name: string;
  given: GivenJob | null;
  operation: OperationId;
  /** The request but for job_id, which comes from the given job. */
  send: Record<string, unknown>;
  /** A reply as the API of the release day gave it: what the mocks answer. */
  reply: unknown;
  /** What the consumer relies on, values included; whatever else the reply holds does not matter to it. */
  reads: z.ZodType;
}

/** The state of the one job that an interaction is about, in words that any API can be brought to by its operations. */
export interface GivenJob {
  type: QueryType;
  query: string;
  result?: string;
  /** How far it has come; each stage includes the ones before it. */
  stage: "queued" | "claimed" | "delivered" | "finished";
  killRequested?: boolean;
  /** It performs a session of Bulk Import with these parts, each in base64: then it is that job, not one with this query. */
  parts?: Readonly<Record<string, string>>;
}

/** Identity of a contract's promises. Schemas count by their JSON Schema, so a reworded comment changes nothing. */
export function consumerDigest(contract: ConsumerContract): string {
  const { interactions, ...head } = contract;
  const stable = interactions.map(({ reads, ...rest }) => ({
    ...rest,
    reads: z.toJSONSchema(reads, { io: "input" }),
  }));
  return createHash("sha256")
    .update(JSON.stringify({ ...head, interactions: stable }))
    .digest("hex")
    .slice(0, 16);
}

/** The interactions of a contract that are about one of its engines. */
export const interactionsOf = ({ interactions, engines }: ConsumerContract, engine: Engine): Interaction[] =>
  interactions.filter(({ given, send }) => {
    const claimed = send["engines"];
    if (Array.isArray(claimed)) return claimed.includes(engine);
    return engines.find((candidate) => candidate.startsWith(given?.type ?? "")) === engine;
  });

/** The status that goes with the example reply: that of its reason, or 200. */
export const replyStatus = ({ reply }: Interaction): number => {
  const reason = errorBody.safeParse(reply).data?.details?.reason;
  return reason === undefined ? 200 : statusOf[reason];
};
