import { z } from "zod";
import { Unreadable } from "./unreadable.ts";
import type { Concerned, Use, Uses } from "./use.ts";

const readsVersion = 1;
const count = z.int().nonnegative();

/** What each consumer read of the answers to each operation, in how many scenarios. */
const readsSchema = z.strictObject({
  format: z.literal("interlock-reads"),
  version: z.literal(readsVersion),
  consumers: z.record(
    z.string(),
    z.strictObject({
      generation: z.string(),
      operations: z.record(
        z.string(),
        z.strictObject({
          /** In which it was answered. */
          scenarios: count,
          /** By field, in how many of them it read it. */
          fields: z.record(z.string(), count),
        }),
      ),
    }),
  ),
});
export type Reads = z.output<typeof readsSchema>;

/** Reads as they are gathered, a scenario after the other. */
export class GatheredReads {
  readonly #consumers: Reads["consumers"] = {};
  /** What this scenario was counted for already. */
  readonly #seen = new Set<string>();

  nextScenario(): void {
    this.#seen.clear();
  }

  readonly answered = (generation: string, operation: string): void => {
    if (this.#isFirst(generation, operation)) this.#of(generation, operation).scenarios += 1;
  };

  readonly read = (generation: string, operation: string, field: string): void => {
    if (!this.#isFirst(generation, operation, field)) return;
    const { fields } = this.#of(generation, operation);
    fields[field] = (fields[field] ?? 0) + 1;
  };

  /** In an order that does not hang on when what was read. */
  get reads(): Reads {
    const sorted = <T>(of: Record<string, T>): Record<string, T> =>
      Object.fromEntries(Object.entries(of).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const consumers = Object.entries(sorted(this.#consumers)).map(
      ([consumer, { generation, operations }]) => {
        const each = Object.entries(sorted(operations)).map(([operation, { scenarios, fields }]) => [
          operation,
          { scenarios, fields: sorted(fields) },
        ]);
        return [consumer, { generation, operations: Object.fromEntries(each) }];
      },
    );
    return { format: "interlock-reads", version: readsVersion, consumers: Object.fromEntries(consumers) };
  }

  #isFirst(...what: string[]): boolean {
    const key = JSON.stringify(what);
    return !this.#seen.has(key) && this.#seen.add(key).size > 0;
  }

  #of(generation: string, operation: string): { scenarios: number; fields: Record<string, number> } {
    const consumer = (this.#consumers[`worker-${generation}`] ??= { generation, operations: {} });
    return (consumer.operations[operation] ??= { scenarios: 0, fields: {} });
  }
}

/** Recorded reads as a file holds them. Throws Unreadable. */
export function parseReads(text: string): Reads {
  const again = "record them anew: interlock reads --out FILE";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Unreadable("recorded reads, as JSON", "it is no JSON", again);
  }
  const { format, version } = Object(value) as Record<string, unknown>;
  if (format === "interlock-reads" && typeof version === "number" && version > readsVersion)
    throw new Unreadable(
      `recorded reads of version ${readsVersion} or older`,
      `version ${version} was made by a newer Interlock`,
      "take the newer one, or record them anew with this one: interlock reads --out FILE",
    );
  const result = readsSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Unreadable("recorded reads", `${issue?.path.join(".") || "it"}: ${issue?.message}`, again);
}

/** What was recorded of replies beside what is declared: a consumer may rely on what it did not happen to read. */
export const recordedUses = ({ consumers }: Reads, declared: Uses): Uses => ({
  callers: declared.callers,
  field: (concerned) => [
    ...(concerned.position === "reply" && concerned.reason === null ? usesIn(consumers, concerned) : []),
    ...declared.field(concerned),
  ],
});

function usesIn(consumers: Reads["consumers"], { operation, generation, field }: Concerned): Use[] {
  const path = field.map((step) => (/^\[.*\]$/.test(step) ? "[]" : step)).join(".");
  return Object.entries(consumers).flatMap(([consumer, { generation: own, operations }]) => {
    const recorded = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    if (recorded === undefined || (generation !== null && generation !== own)) return [];
    const times = path === "" ? recorded.scenarios : (recorded.fields[path] ?? 0);
    return [{ consumer, times, of: recorded.scenarios, how: "reads it", what: "scenarios" }];
  });
}
