import fc from "fast-check";
import { expect, test } from "vitest";
import type { z } from "zod";
import { errorReasons, statusOf } from "./errors.ts";
import { checkCall, describe as inWords, replyForm } from "./exchange.ts";
import { generations } from "./job.ts";
import type { Operation } from "./operation.ts";
import { type OperationId, operations } from "./operations.ts";
import { claimedMoved, claimedV6, samples } from "./testing/samples.ts";

const ids = Object.keys(operations) as OperationId[];

/** Values that are near to what a schema wants, or far from it. */
const anything = fc.oneof(
  fc.constantFrom(null, undefined, true, 0, -1, 1.5, 2 ** 53, Number.NaN, "", "1", "0", "x", "running"),
  fc.constantFrom<unknown>([], {}, ["presto"], [["id", "bigint"]], [["id"]], "web://a/b", "0".repeat(64)),
  fc.jsonValue(),
);

/** A place within a value, by the keys that lead to it. */
const placesIn = (value: unknown, path: string[] = []): string[][] =>
  typeof value !== "object" || value === null
    ? [path]
    : [path, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))];

type Change = { kind: "put"; value: unknown } | { kind: "drop" } | { kind: "add"; key: string };

function changed(value: unknown, [key, ...path]: readonly string[], change: Change): unknown {
  if (key === undefined) {
    if (change.kind === "put") return change.value;
    return change.kind === "add" && typeof value === "object" ? { ...value, [change.key]: 1 } : value;
  }
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
  if (path.length === 0 && change.kind === "drop") delete copy[key];
  else copy[key] = changed(copy[key], path, change);
  return copy;
}

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant("put" as const), value: anything }),
  fc.constant({ kind: "drop" as const }),
  fc.record({
    kind: fc.constant("add" as const),
    key: fc.constantFrom("extra", "result_url", "__proto__", "job_id"),
  }),
);

/** The value with up to three of its places changed. */
const mutated = (value: unknown): fc.Arbitrary<unknown> =>
  fc
    .array(fc.tuple(fc.constantFrom(...placesIn(value)), change), { maxLength: 3 })
    .map((changes) =>
      changes.reduce((now, [path, one]) => (reaches(now, path) ? changed(now, path, one) : now), value),
    );

function reaches(value: unknown, [key, ...path]: readonly string[]): boolean {
  if (key === undefined) return true;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return false;
  return reaches((value as Record<string, unknown>)[key], path);
}

const objections = (schema: z.ZodType, value: unknown): string[] => {
  const { error } = schema.safeParse(value);
  return error === undefined ? [] : [inWords(error)];
};

test("a call that was accepted has the problems that zod has with its request and with its reply", () => {
  const anyCall = fc.constantFrom(...ids).chain((id) => {
    const { input, reply } = samples[id];
    const replies =
      id === "worker.claim" ? [reply, { job: claimedV6 }, { job: claimedMoved }, { job: null }] : [reply];
    return fc.record({
      id: fc.constant(id),
      input: mutated(input),
      reply: fc.constantFrom(...replies).chain(mutated),
      generation: fc.constantFrom(undefined, ...generations),
    });
  });
  let objected = 0;
  fc.assert(
    fc.property(anyCall, ({ id, input, reply, generation }) => {
      const operation: Operation = operations[id];
      const form = replyForm(operation, input, generation);
      const expected = [
        ...objections(operation.input, input).map((problem) => `request: accepted although ${problem}`),
        ...(form === null ? [] : objections(form, reply)).map((problem) => `reply: ${problem}`),
      ];
      const found = checkCall(id, { input, status: 200, reply }, generation);
      expect(found.map(({ side, problem }) => `${side}: ${problem}`)).toEqual(expected);
      expect(found.every(({ operation: named }) => named === id)).toBe(true);
      objected += expected.length;
    }),
    { numRuns: 1_000 },
  );
  expect(objected).toBeGreaterThan(200);
});

test.each(errorReasons)(
  "a refusal for the reason %s is held to its shape, its status and what is declared",
  (reason) => {
    const body = { error: "no", text: "no", severity: "error", details: { reason } };
    for (const id of ids) {
      const declared = checkCall(id, { input: {}, status: statusOf[reason], reply: body });
      const { reasons }: Operation = operations[id];
      expect(declared.length === 0).toBe(
        reasons.includes(reason) || statusOf[reason] >= 500 || [401, 403, 422].includes(statusOf[reason]),
      );
      expect(checkCall(id, { input: {}, status: 418, reply: body })).toHaveLength(1);
      expect(
        checkCall(id, { input: {}, status: statusOf[reason], reply: { ...body, extra: 1 } }),
      ).toHaveLength(1);
    }
  },
);
