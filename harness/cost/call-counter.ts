import { setTimeout as delay } from "node:timers/promises";
import { matchOperation } from "../../contracts/exchange.ts";
import type { Millis } from "../../contracts/values.ts";
import type { HttpPlan, HttpRequest } from "../proxy/http-proxy.ts";
import { untouched } from "../proxy/way.ts";
import type { HttpCaller, Traffic } from "../rigs/containers/system/traffic.ts";

/** A call that a worker made. */
export interface WorkerCall {
  by: string;
  operation: string;
  at: Millis;
  /** When it was over, answered or not; null while it is under way. */
  overAt: Millis | null;
}

/** Counts what comes over the links of a rig, and keeps the workers away from the API while that is asked for. */
export class CallCounter implements Traffic {
  readonly faults = { refusalOn: () => null };
  #calls: WorkerCall[] = [];
  #serverErrors = 0;
  #held: PromiseWithResolvers<void> | null = null;

  /** From now on no call of a worker comes through; each is cut off when they are let go. */
  hold(): void {
    this.#held ??= Promise.withResolvers();
  }

  letGo(): void {
    this.#held?.resolve();
    this.#held = null;
  }

  /** The calls of workers since this was asked the last time. */
  takeCalls(): WorkerCall[] {
    const calls = this.#calls;
    this.#calls = [];
    return calls;
  }

  /** How many answers of 5xx anybody got since this was asked the last time. */
  takeServerErrors(): number {
    const errors = this.#serverErrors;
    this.#serverErrors = 0;
    return errors;
  }

  /** Resolves when this holds for the calls of workers so far, or when it is too late for that. */
  async until(holds: (calls: readonly WorkerCall[]) => boolean, limitMs: Millis): Promise<void> {
    const limit = performance.now() + limitMs;
    while (performance.now() < limit && !holds(this.#calls)) await delay(lookMs);
  }

  httpPlan({ link, by }: HttpCaller, request: HttpRequest): HttpPlan {
    const isWorker = link === "worker->api";
    const operation = matchOperation(request.method, request.url)?.id ?? "no operation of the contract";
    const held = isWorker ? this.#held : null;
    const call: WorkerCall = { by, operation, at: performance.now(), overAt: null };
    if (isWorker && held === null) this.#calls.push(call);
    return {
      before: () => (held === null ? untouched : held.promise.then(() => ({ end: { kind: "reset" } }))),
      after: () => untouched,
      concluded: ({ status }) => {
        call.overAt = performance.now();
        if (status !== null && status >= 500) this.#serverErrors += 1;
      },
    };
  }

  deliveryPlan(): null {
    return null;
  }

  mysqlPlan(): null {
    return null;
  }
}

const lookMs: Millis = 20;
