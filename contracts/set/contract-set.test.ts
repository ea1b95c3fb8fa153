import { describe, expect, test } from "vitest";
import { z } from "zod";
import { v5 } from "../consumers/v5.ts";
import { json, type Operation } from "../operation.ts";
import { operations } from "../operations.ts";
import { duties } from "../promises/duties.ts";
import { type Contracts, contractSet } from "./contract-set.ts";

const text = (contracts?: Contracts) => JSON.stringify(contractSet(contracts));

test("is the same each time, and plain JSON", () => {
  expect(contractSet()).toEqual(JSON.parse(text()));
  expect(text()).toBe(text());
});

const claim: Operation = operations["worker.claim"];

/** For each part of an operation another one. The compiler asks for a new part here. */
const otherwise: { [Key in keyof Required<Operation>]: Operation[Key] } = {
  id: "worker.take",
  summary: "Something else",
  method: "GET",
  path: "/worker/v2/claim",
  audience: "customer",
  again: "reads",
  input: z.object({}),
  reply: json(z.strictObject({})),
  forms: undefined,
  meaning: { step: "extend", facts: () => ({}) },
  reasons: [],
};

test.each(Object.entries(otherwise))("shows another %s of an operation", (part, value) => {
  const all = { "worker.claim": { ...claim, [part]: value } as Operation };
  expect(text({ operations: all, consumers: [] })).not.toBe(
    text({ operations: { "worker.claim": claim }, consumers: [] }),
  );
});

test("shows another consumer contract, whatever is other in it", () => {
  const [first, ...rest] = v5.interactions;
  const withFirst = (more: object): Contracts => ({
    operations,
    consumers: [
      { ...v5, interactions: [{ ...(first as (typeof v5.interactions)[number]), ...more }, ...rest] },
    ],
  });
  const same = text({ operations, consumers: [v5] });
  expect(text(withFirst({}))).toBe(same);
  for (const more of [{ send: {} }, { reply: {} }, { reads: z.looseObject({}) }, { name: "other" }])
    expect(text(withFirst(more))).not.toBe(same);
  expect(() =>
    text({ operations, consumers: [{ ...v5, interactions: [...v5.interactions, ...v5.interactions] }] }),
  ).toThrow("two interactions of worker-v5");
});

describe("schemas", () => {
  const inputOf = (input: z.ZodType) =>
    contractSet({ operations: { "worker.claim": { ...claim, input } }, consumers: [] }).operations[
      "worker.claim"
    ];

  test("show what must hold behind what a form writes as digits, and what is meant by nothing", () => {
    const digits = z.union([z.int(), z.string().transform(Number)]).pipe(z.int().max(2));
    expect(
      inputOf(
        z.object({
          a: digits
            .nullish()
            .transform((a) => a ?? 1)
            .meta({ default: 1 }),
        }),
      ),
    ).toMatchObject({
      input: {
        properties: {
          a: { default: 1, anyOf: [{ "x-then": { type: "integer", maximum: 2 } }, { type: "null" }] },
        },
      },
    });
  });

  test("that are not the same have no name in common", () => {
    const named = (schema: z.ZodType) => schema.meta({ id: "TwiceNamed" });
    const both = {
      a: { ...claim, id: "a", input: z.object({ a: named(z.string()) }) },
      b: { ...claim, id: "b", input: z.object({ a: z.string() }), reply: json(z.strictObject({})) },
    };
    expect(Object.keys(contractSet({ operations: both, consumers: [] }).schemas)).toContain("TwiceNamed");
  });

  test("say where a function checks something; none of the contracts' own does", () => {
    const refined = z.object({ a: z.string().refine((a) => a !== "") });
    expect(inputOf(refined)).toMatchObject({ input: { properties: { a: { "x-refined": 1 } } } });
    expect(text()).not.toContain("x-refined");
  });
});

describe("duties", () => {
  test.each(Object.entries(duties))(
    "%s is done by a call of whoever has it, or of the API's",
    (_, { who, by }) => {
      if (by === null || who === "API") return;
      expect(operations[by].audience).toBe(who);
    },
  );

  test("name each call of workers that tells the API something", () => {
    const named = Object.values(duties).map(({ by }) => by);
    const workers = Object.values(operations).filter(({ audience }) => audience === "worker");
    expect(workers.map(({ id }) => id).filter((id) => !named.includes(id as never))).toEqual([]);
  });
});
