import type { Credential } from "../../contracts/authority.ts";
import { isRetryable } from "../../contracts/errors.ts";
import type { Reply } from "../../contracts/in-process.ts";
import {
  type Cluster,
  clusterOf,
  enginesOf,
  type Generation,
  generations,
  queryTypeOf,
} from "../../contracts/job.ts";
import { knownForMs } from "../../contracts/operations/streaming-import.ts";
import { type OperationId, operations } from "../../contracts/operations.ts";
import { protocols } from "../../contracts/protocol.ts";
import { field, numberField, textField } from "../../contracts/step.ts";
import { factsOf, stepOf } from "../../contracts/steps.ts";
import type { Millis } from "../../contracts/values.ts";
import { sideBySide } from "../side-by-side.ts";
import type { Call, Headers, Input, ProbePort } from "./port.ts";

export type { Call, Headers, Input } from "./port.ts";

/** A call, and with whose credential. */
export type Asked = [Credential, ...Call];

/**
 * Interlock's own workers and customers, which put to the API what no well-behaved caller does: they hold jobs in every
 * state, repeat and reorder their calls, go silent past a lease, report stale, and try all of it with every credential.
 * They expect nothing: the model of the service judges what they are answered.
 */

const newest = Math.max(...protocols);

/** So long chunks are known by their ids, but for an hour: what is sent at the end of it is on time. */
export const daysOfProbe: Millis = knownForMs - 3_600_000;

/** What a claim was given. */
export function heldIn(reply: Reply | null): Held | null {
  const job = field(reply?.body, "job");
  const id = textField(job, "job_id");
  return id === undefined ? null : { job_id: id, attempt: numberField(job, "attempt") ?? 1 };
}

/** One generation's workers and the customer of the engine that they run, with what they know of each other. */
export class Party {
  readonly generation: Generation;
  readonly other: Generation;
  readonly customer: Cluster;
  readonly stranger: Cluster;
  readonly database: string;
  readonly strangersDatabase: string;
  readonly sleep: ProbePort["sleep"];
  readonly leaseMs: Millis;
  readonly hasDays: boolean;
  readonly movesOthers: boolean;
  readonly #port: ProbePort;
  #keys = 0;
  /** By domain key that this customer has said in an order, the job that was told to have it; null where none was. */
  readonly #holders = new Map<string, string | null>();
  /** Stated in claims once the API has refused those that state none. */
  #protocol: number | undefined;

  constructor(port: ProbePort, generation: Generation) {
    this.#port = port;
    this.sleep = port.sleep;
    this.leaseMs = port.leaseMs;
    this.hasDays = port.hasDays === true;
    this.movesOthers = port.movesOthers === true;
    this.generation = generation;
    this.other = generations.find((one) => one !== generation) as Generation;
    this.customer = clusterOf(this.engine);
    this.stranger = clusterOf(engineOf(this.other));
    this.database = port.databases[this.customer];
    this.strangersDatabase = port.databases[this.stranger];
  }

  get engine() {
    return engineOf(this.generation);
  }

  /** Whether this API does not have the operation: what only it could take away again is not made. */
  lacks(operation: OperationId): boolean {
    return this.#port.lacks.includes(operation);
  }

  /** Credentials that give no right to speak for this generation's workers. */
  get usurpers(): Credential[] {
    return ["none", "unknown", this.customer, this.stranger, this.other];
  }

  /** Credentials that give no right to speak for this customer. */
  get impostors(): Credential[] {
    return ["none", "unknown", this.generation, this.other];
  }

  /** All other credentials: none of them may know what this customer has. */
  get others(): Credential[] {
    return [...this.impostors, this.stranger];
  }

  ask(
    credential: Credential,
    operation: OperationId,
    input: Input,
    headers?: Headers,
  ): Promise<Reply | null> {
    return this.#call("probe", credential, operation, input, headers);
  }

  /** Calls that change nothing, or must not: in whatever order they come, each is answered the same. */
  async askAll(asked: readonly Asked[]): Promise<void> {
    await sideBySide(asked, atOnce, (one) => this.ask(...one));
  }

  /** The same, each of them by each of these. */
  askEach(credentials: readonly Credential[], calls: readonly Call[]): Promise<void> {
    return this.askAll(credentials.flatMap((one) => calls.map((call): Asked => [one, ...call])));
  }

  askByCustomer(calls: readonly Call[]): Promise<void> {
    return this.askEach([this.customer], calls);
  }

  askByOthers(calls: readonly Call[]): Promise<void> {
    return this.askEach(this.others, calls);
  }

  async count(database: string, table: string): Promise<void> {
    await this.#port.count?.(this.customer, database, table);
  }

  asCustomer(operation: OperationId, input: Input, headers?: Headers): Promise<Reply | null> {
    return this.ask(this.customer, operation, input, headers);
  }

  /** @param n which of this generation's workers calls, from 1 */
  asWorker(n: number, operation: OperationId, input: Input): Promise<Reply | null> {
    return this.#call(this.worker(n), this.generation, operation, input);
  }

  async #call(
    by: string,
    credential: Credential,
    operation: OperationId,
    input: Input,
    headers?: Headers,
  ): Promise<Reply | null> {
    if (this.lacks(operation)) return null;
    const reply = await this.#port.call(by, credential, operation, input, headers);
    if (credential === this.customer && stepOf(operation) === "issue") this.#noteKey(operation, input, reply);
    return reply;
  }

  #noteKey(operation: OperationId, input: Input, reply: Reply | null): void {
    const key = textField(input, "domain_key");
    if (key === undefined) return;
    const { job } = factsOf(operation, { request: input, status: reply?.status ?? null, reply: reply?.body });
    this.#holders.set(key, job ?? this.#holders.get(key) ?? null);
  }

  /** The domain keys that this customer has said in orders, those of orders that were refused too. */
  get keys(): string[] {
    return [...this.#holders.keys()];
  }

  /** The key of a job; undefined where it has none that is known. */
  keyOf(job_id: string): string | undefined {
    return this.keys.find((key) => this.#holders.get(key) === job_id);
  }

  worker(n: number): string {
    return `probe-${this.generation}-${n}`;
  }

  order(query: string, more: Input = {}): Input {
    this.#keys += 1;
    const key = `probe-${this.generation}-${this.#keys}`;
    // Said or left to the service: no job is tried again after it has failed, unless that is asked for.
    const limit = this.#keys % 2 === 0 ? {} : { retry_limit: 0 };
    return {
      type: queryTypeOf(this.engine),
      database: this.database,
      query,
      domain_key: key,
      ...limit,
      ...more,
    };
  }

  /** A scheduled query as it is created. */
  scheduled(name: string, more: Input = {}): Input {
    const type = queryTypeOf(this.engine);
    return { name, type, database: this.database, query: "SELECT 1", cron: never, ...more };
  }

  /** A new job's id; one that the API does not have where it gave none. */
  async issue(query: string, more: Input = {}): Promise<string> {
    const reply = await this.asCustomer("job.issue", this.order(query, more));
    return textField(reply?.body, "job_id") ?? unknownJob;
  }

  claimOf(n: number): Input {
    const { generation } = this;
    const said = {
      generation,
      engines: [...enginesOf[generation]],
      worker: this.worker(n),
      version: "probe",
    };
    return this.#protocol === undefined ? said : { ...said, protocol: this.#protocol };
  }

  /** What a worker is handed; null where it is handed nothing. One that is told to come again later does. */
  async claim(n: number, more: Input = {}): Promise<Held | null> {
    const ask = () => this.asWorker(n, "worker.claim", { ...this.claimOf(n), ...more });
    let reply = await ask();
    for (const protocol of protocols) {
      if (reasonIn(reply) !== "unsupported_protocol") break;
      this.#protocol = protocol;
      reply = await ask();
    }
    for (let tried = 1; tried < mostClaims && reply !== null && isRetryable(reply.status); tried += 1) {
      await this.sleep(againMs);
      reply = await ask();
    }
    return heldIn(reply);
  }

  /** The same in the newest protocol; null also where the API does not speak it. */
  async claimNewest(n: number): Promise<Held | null> {
    return heldIn(await this.asWorker(n, "worker.claim", { ...this.claimOf(n), protocol: newest }));
  }

  /** All that a worker is handed until there is no more. */
  async claimAll(n: number): Promise<Held[]> {
    const all: Held[] = [];
    for (let one = await this.claim(n); one !== null && all.length < mostHeld; one = await this.claim(n))
      all.push(one);
    return all;
  }

  /** A new job in the hands of a worker, as if it were where the service handed out none. */
  async take(n: number, query: string, more: Input = {}): Promise<Held> {
    const job_id = await this.issue(query, more);
    return (await this.claim(n)) ?? { job_id, attempt: 1 };
  }
}

const reasonIn = (reply: Reply | null): unknown => field(field(reply?.body, "details"), "reason");

/** Times that come too seldom for a probe to see one. */
export const never = "0 0 29 2 *";

/** What a worker speaks for. */
export type Held = { job_id: string; attempt: number };

/** The most tries of one claim, and the wait between two. */
const mostClaims = 10;
const againMs: Millis = 200;

/** More than ever wait: a service that hands out jobs for ever comes to an end. */
const mostHeld = 1_000;

/** Calls of a party that are under way at once. */
const atOnce = 8;

/** A domain key that no job has. */
export const unknownKey = "probe-nobody";

/** The id of a job that no service has. */
export const unknownJob = "999999999999";

/** Of an input what the operation knows: anything else it must refuse. */
export const knownTo = (operation: OperationId, input: Input): Input =>
  Object.fromEntries(Object.entries(input).filter(([name]) => name in operations[operation].input.shape));

/** The engine whose jobs a generation's workers are tried with. */
export const engineOf = (generation: Generation) =>
  enginesOf[generation][0] as (typeof enginesOf)[Generation][number];
