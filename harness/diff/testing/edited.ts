import { openApiDocument } from "../../../contracts/openapi.ts";
import { contractSet } from "../../../contracts/set/contract-set.ts";
import { diffContracts } from "../diff.ts";
import type { Finding } from "../finding.ts";
import { readContract } from "../read.ts";
import { declaredUses } from "../use.ts";

const bytesOf = (document: unknown): Uint8Array => Buffer.from(JSON.stringify(document));

/** What a comparison of two documents finds. */
export function found(before: unknown, after: unknown): Finding[] {
  const old = readContract(bytesOf(before));
  return diffContracts(old, readContract(bytesOf(after)), declaredUses(old.document));
}

/** The present contracts, as a document of its own. */
export const aSet = (): unknown => JSON.parse(JSON.stringify(contractSet()));
export const anOpenApi = (): unknown => JSON.parse(JSON.stringify(openApiDocument()));

/** Finding ids with their severities, each once: `breaks-consumer field-removed`. */
export const ids = (findings: readonly Finding[]): string[] =>
  [...new Set(findings.map(({ id, severity }) => `${severity} ${id}`))].sort();

type PlaceIn = (...steps: (string | number)[]) => Place;

/** A change of a document, and the ids that it must be found by. */
export type EditCase = [what: string, edit: (at: PlaceIn) => void, found: string[]];

/** The same document with its keys in another order. */
export function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, reversed(inner)] as const);
  return Object.fromEntries(entries.toReversed());
}

/** Changes a copy of a document at a place, and says what is found. */
export const edited = (document: unknown, edit: EditCase[1]): Finding[] =>
  found(document, copyWith(document, edit));

/** A copy of a document, changed at a place. */
export function copyWith(document: unknown, edit: EditCase[1]): unknown {
  const after = structuredClone(document);
  edit((...steps) => new Place(after, steps));
  return after;
}

/** A place in a document that is being changed. */
class Place {
  readonly #holder: Record<string, unknown>;
  readonly #key: string;

  constructor(document: unknown, steps: readonly (string | number)[]) {
    const key = String(steps.at(-1));
    const holder = steps
      .slice(0, -1)
      .reduce<unknown>((at, step) => (at as Record<string, unknown>)[String(step)], document);
    if (typeof holder !== "object" || holder === null) throw new Error(`nothing at ${steps.join("/")}`);
    this.#holder = holder as Record<string, unknown>;
    this.#key = key;
  }

  get value(): unknown {
    return this.#holder[this.#key];
  }

  set(value: unknown): void {
    this.#holder[this.#key] = value;
  }

  remove(): void {
    if (!(this.#key in this.#holder)) throw new Error(`no ${this.#key} to remove`);
    delete this.#holder[this.#key];
  }

  push(value: unknown): void {
    (this.value as unknown[]).push(value);
  }

  without(value: unknown): void {
    const list = this.value as unknown[];
    if (!list.includes(value)) throw new Error(`no ${String(value)} to take out`);
    this.set(list.filter((one) => one !== value));
  }
}
