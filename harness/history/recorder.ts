import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import type { Millis } from "../../contracts/values.ts";
import { type EventBody, type HistoryEvent, historyVersion } from "./event.ts";

/** Takes down what happens, in memory for the checks and as JSON lines for whoever reads later. */
export class Recorder {
  readonly events: HistoryEvent[] = [];
  readonly #started: Millis;
  readonly #now: () => Millis;
  readonly #redact: (text: string) => string;
  readonly #file;
  readonly #listeners = new Set<(event: HistoryEvent) => void>();

  constructor(
    path: string,
    run: { id: string; api: string },
    redact: (text: string) => string,
    now: () => Millis,
  ) {
    this.#now = now;
    this.#started = now();
    this.#redact = redact;
    this.#file = createWriteStream(path);
    this.record({ kind: "run", version: historyVersion, rig: "containers", ...run });
  }

  record(body: EventBody): void {
    const line = JSON.stringify(
      { seq: this.events.length, at: this.#now() - this.#started, ...body },
      (_, value: unknown) => redactedWithin(value, this.#redact),
    );
    this.#file.write(`${line}\n`);
    const event = JSON.parse(line) as HistoryEvent;
    this.events.push(event);
    for (const listener of this.#listeners) listener(event);
  }

  /** Resolves with the first event, past or to come, that `wanted` accepts. */
  async first(wanted: (event: HistoryEvent) => boolean, signal: AbortSignal): Promise<HistoryEvent> {
    const past = this.events.find(wanted);
    if (past !== undefined) return past;
    return new Promise((resolve, reject) => {
      const settle = () => {
        this.#listeners.delete(listener);
        signal.removeEventListener("abort", onAbort);
      };
      const onAbort = () => {
        settle();
        reject(signal.reason);
      };
      const listener = (event: HistoryEvent) => {
        if (!wanted(event)) return;
        settle();
        resolve(event);
      };
      this.#listeners.add(listener);
      signal.addEventListener("abort", onAbort, { once: true });
      if (signal.aborted) onAbort();
    });
  }

  async close(): Promise<void> {
    this.#file.end();
    await finished(this.#file);
  }
}

/** Texts and keys one by one: in the JSON of an event, a secret with a quote or a line break has another look. */
function redactedWithin(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === "string") return redact(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [redact(key), inner]));
}
