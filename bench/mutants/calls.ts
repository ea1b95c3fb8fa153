import fc from "fast-check";
import { apikeys, tokens } from "../../harness/testing/plain-world.ts";
import { type Schema, valuesOf } from "./arbitrary.ts";
import { type DocumentedOperation, documented, schemas } from "./document.ts";

/** A value as it was made, or, where replies have told one of that name by then, the nth of those. */
interface Value {
  made: unknown;
  nth: number | null;
}

/** A call that the document allows, but where it says otherwise. */
export interface FuzzCall {
  operation: DocumentedOperation;
  authorization: string | null;
  parameters: Readonly<Record<string, Value>>;
  /** null: none. */
  body: Readonly<Record<string, Value>> | null;
  bytes: Uint8Array<ArrayBuffer> | null;
  /** A field whose value is of no documented type, perhaps. */
  wrong: { at: number; value: unknown } | null;
}

const credentials: Readonly<Record<string, readonly string[]>> = {
  customer: Object.values(apikeys).map((key) => `TD1 ${key}`),
  worker: Object.values(tokens).map((token) => `Worker ${token}`),
};

const valueOf = (schema: Schema): fc.Arbitrary<Value> =>
  fc.record({
    made: valuesOf(schema, schemas),
    nth: fc.option(fc.nat(6), { freq: 5 }),
  });

const recordOf = (properties: Readonly<Record<string, Schema>>, required: readonly string[]) =>
  fc.record(Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, valueOf(schema)])), {
    requiredKeys: [...required],
  });

function callsOf(operation: DocumentedOperation): fc.Arbitrary<FuzzCall> {
  const { parameters, requestBody, scheme } = operation;
  const json = requestBody?.content?.["application/json"]?.schema;
  const resolved = json?.$ref === undefined ? json : schemas[json.$ref.split("/").at(-1) as string];
  const isBinary = requestBody?.content?.["application/octet-stream"] !== undefined;
  const names = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));
  const required = parameters.filter((one) => one.required).map(({ name }) => name);
  // One of them most of the time: what it has made is its own.
  const [first, ...others] = scheme === null ? [] : (credentials[scheme] ?? []);
  const known = [first, first, first, first, ...others].filter((one) => one !== undefined);
  return fc.record({
    operation: fc.constant(operation),
    authorization:
      known.length === 0 ? fc.constant(null) : fc.option(fc.constantFrom(...known), { freq: 30 }),
    parameters: recordOf(names, required),
    body:
      resolved === undefined
        ? fc.constant(null)
        : recordOf(resolved.properties ?? {}, resolved.required ?? []),
    bytes: isBinary
      ? fc.uint8Array({ maxLength: 60 }).map((bytes) => new Uint8Array(bytes))
      : fc.constant(null),
    wrong: fc.oneof(
      { weight: 6, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.record({ at: fc.nat(20), value: fc.jsonValue({ maxDepth: 1 }) }) },
    ),
  });
}

/** The same calls for every build. */
export const sampledCalls = (count: number): FuzzCall[] =>
  fc.sample(fc.oneof(...documented.map(callsOf)), { numRuns: count, seed: 1 });
