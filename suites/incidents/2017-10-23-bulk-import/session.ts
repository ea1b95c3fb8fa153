import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import type { ModelCall } from "../../../contracts/model/call.ts";
import { judgeCalls } from "../../../contracts/model/model.ts";
import type { OperationId } from "../../../contracts/operations.ts";
import { field, textField } from "../../../contracts/step.ts";
import { limits } from "../../../contracts/testing/model-calls.ts";
import type { Millis } from "../../../contracts/values.ts";
import type { Caller, Service } from "../reference/service.ts";

/** A session of Bulk Import and those who are at it: a customer who asks, and a worker who does one call after the other. */

/** What happens next. `work` is the worker's next call. */
export type Move = "perform" | "commit" | "kill" | "show" | "work";
export const moves: readonly Move[] = ["work", "show", "kill", "perform", "commit"];

const into = { database: "shop", table: "orders" };
const part = (...records: object[]) =>
  gzipSync(Buffer.concat(records.map((record) => encode(record)))).toString("base64");
const uploaded = { a: part({ time: 1, item: "x" }, { time: 2 }), b: part({ time: 3 }, { time: "no" }) };
/** What an honest perform counts in them. */
const counts = { valid_records: 3, error_records: 1, valid_parts: 2, error_parts: 0 };
const customer = { name: "acme", cluster: "cdh4" } as const;

/** A job in the hands of the worker. */
interface Held {
  job: { job_id: string; attempt: number };
  isPerform: boolean;
  /** The last part that it has read; null where it has read all. */
  read: string | undefined | null;
  /** Whether the customer has asked for its end; undefined where the worker has not looked. */
  isUnwanted?: boolean;
}

export class Session {
  readonly #service: Service;
  readonly #now: () => Millis;
  readonly #calls: ModelCall[] = [];
  #name: string;
  #sessions = 1;
  #held: Held | null = null;

  /** @param now the clock of the service */
  constructor(service: Service, now: () => Millis, name: string) {
    this.#service = service;
    this.#now = now;
    this.#name = name;
  }

  /** With its parts, frozen. The table is there afterwards. */
  async open(): Promise<void> {
    const name = this.#name;
    await this.#ask("customer", "table.create", { ...into, type: "log" });
    await this.#ask("customer", "bulk_import.create", { name, ...into });
    for (const [part, content] of Object.entries(uploaded))
      await this.#ask("customer", "bulk_import.upload_part", { name, part, content });
    await this.#ask("customer", "bulk_import.freeze", { name });
  }

  /** Another session, as a customer begins one for the next load. */
  async again(): Promise<void> {
    this.#sessions += 1;
    this.#name = `${this.#name.replace(/_again_\d+$/, "")}_again_${this.#sessions}`;
    await this.open();
  }

  /**
   * Parts that come while the session is frozen, and one that comes when it is.
   *
   * @returns the parts that were taken, those that are there once it is frozen, and those that are there in the end
   */
  async freezeUnderUploads(count: number) {
    const name = this.#name;
    await this.#ask("customer", "bulk_import.unfreeze", { name });
    const upload = async (part: string): Promise<string[]> => {
      const { status } = await this.#ask("customer", "bulk_import.upload_part", { name, part, content: "" });
      return status === 200 ? [part] : [];
    };
    const list = async () => (await this.#ask("customer", "bulk_import.list_parts", { name })).body["parts"];
    const uploads = Array.from({ length: count }, (_, i) => upload(`part_${i}`));
    await this.#ask("customer", "bulk_import.freeze", { name });
    const frozen = await list();
    const taken = await Promise.all([...uploads, upload("late")]);
    return { taken: [...Object.keys(uploaded), ...taken.flat()].sort(), frozen, listed: await list() };
  }

  async move(move: Move): Promise<void> {
    const name = this.#name;
    if (move === "work") return await this.#work();
    if (move !== "kill") return void (await this.#ask("customer", `bulk_import.${move}`, { name }));
    const job_id = await this.job();
    if (job_id !== undefined) await this.#ask("customer", "job.kill", { job_id });
  }

  /** The newest job of the session; undefined where it has none. */
  async job(): Promise<string | undefined> {
    return textField((await this.#ask("customer", "bulk_import.show", { name: this.#name })).body, "job_id");
  }

  /** Goes on until no job is left, and looks. @returns what has become of the newest job, and of the session */
  async toTheEnd(): Promise<string> {
    do await this.#work();
    while (this.#held !== null);
    const shown = await this.#ask("customer", "bulk_import.show", { name: this.#name });
    const job_id = textField(shown.body, "job_id");
    const session = textField(shown.body, "status");
    if (job_id === undefined) return `no job, session ${session}`;
    const { body } = await this.#ask("customer", "job.show", { job_id });
    return `${textField(body, "type")} ${textField(body, "status")}, session ${session}`;
  }

  /** What the model of the contract does not allow of all this, in words. */
  departures(): string[] {
    const [first] = this.#calls;
    const { departures, unjudged } = judgeCalls(this.#calls, first?.sent ?? 0, {
      ...limits,
      rowsOf: () => null,
    });
    return [
      ...departures.map(({ call, problem }) => `${call.operation}: ${problem}`),
      ...(unjudged > 0 ? [`${unjudged} calls could not be judged`] : []),
    ];
  }

  async #work(): Promise<void> {
    const held = this.#held;
    if (held === null) {
      const { body } = await this.#ask("v5", "worker.claim", asks);
      const job = field(body, "job");
      this.#held = job === null ? null : heldOf(job);
    } else if (held.read !== null) {
      const { job, read } = held;
      const { body } = await this.#ask("v5", "worker.import_part", { ...job, ...(read && { after: read }) });
      held.read = textField(field(body, "part"), "name") ?? null;
    } else if (held.isUnwanted === undefined) {
      const { body } = await this.#ask("v5", "worker.heartbeat", held.job);
      held.isUnwanted = field(body, "kill_requested") === true;
    } else {
      this.#held = null;
      await this.#ask("v5", "worker.finish", { ...held.job, ...reportOf(held) });
    }
  }

  async #ask(caller: Caller, operation: OperationId, input: Record<string, unknown>) {
    const sent = this.#now();
    const { status, body } = await this.#service.ask(caller, operation, input);
    this.#calls.push({
      operation,
      by: caller === "customer" ? "customer" : "worker-1",
      account: caller === "customer" ? customer : null,
      generation: caller === "customer" ? null : caller,
      sent,
      returned: this.#now(),
      request: input,
      status,
      reply: body,
      excused: false,
    });
    return { status, body };
  }
}

/** What may be seen at the end: a session says what its newest job has come to. */
export const agreeing: ReadonlySet<string> = new Set([
  "no job, session uploading",
  "bulk_import_perform success, session ready",
  "bulk_import_perform killed, session uploading",
  "bulk_import_commit success, session committed",
  "bulk_import_commit killed, session ready",
]);

const asks = {
  generation: "v5",
  engines: ["presto", "hive-cdh4"],
  worker: "worker-1",
  version: "sha256:1",
};

const heldOf = (job: unknown): Held => ({
  job: { job_id: String(field(job, "job_id")), attempt: Number(field(job, "attempt")) },
  isPerform: String(field(job, "query")).startsWith("BULK IMPORT PERFORM "),
  read: undefined,
});

const reportOf = ({ isUnwanted, isPerform }: Held) => ({
  status: isUnwanted ? "killed" : "success",
  num_records: isUnwanted ? null : counts.valid_records,
  result_size: null,
  result_schema: null,
  message: isUnwanted ? "its customer has asked for its end" : null,
  ...(isPerform && !isUnwanted ? { import_counts: counts } : {}),
});
