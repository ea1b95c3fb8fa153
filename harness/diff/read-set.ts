import type { Contract, ContractOperation } from "./contract.ts";
import { type Fields, fieldsIn, isFields, objectOf } from "./json.ts";
import { followed, pointer } from "./schema/resolve.ts";
import { Unreadable } from "./unreadable.ts";

/** A contract set as `interlock contracts` writes it, of a version that is known. */
export function readSet(document: Fields): Contract {
  const { operations, schemas, format: _, version: __, ...facts } = document;
  if (!isFields(operations) || Object.keys(operations).length === 0)
    throw new Unreadable("operations in a contract set", "it has none", "write it anew: interlock contracts");
  return {
    kind: "contract set",
    document,
    operations: Object.entries(operations).map(([id, operation]) => operationOf(id, operation)),
    shared: objectOf(
      Object.entries(fieldsIn(schemas)).map(([name, schema]) => [`#/schemas/${pointer(name)}`, schema]),
    ),
    facts: { ...facts, error: withoutReasons(document), retryable: inOrder(facts["retryable"]) },
  };
}

/** A list whose order means nothing, in one order. */
const inOrder = (list: unknown): unknown =>
  Array.isArray(list) ? list.toSorted((a, b) => String(a).localeCompare(String(b), "en")) : list;

/** What a second call does, its fields in one order. */
const againOf = (again: unknown): unknown =>
  isFields(again) ? { ...again, by: inOrder(again["by"]) } : again;

/** The body of refusals but for the list of reasons: each operation lists its own, and they are told there. */
function withoutReasons(document: Fields): unknown {
  const error = fieldsIn(followed(document, document["error"]));
  const properties = fieldsIn(error["properties"]);
  const details = fieldsIn(properties["details"]);
  const inDetails = fieldsIn(details["properties"]);
  const { enum: _, ...reason } = fieldsIn(inDetails["reason"]);
  return "reason" in inDetails
    ? {
        ...error,
        properties: { ...properties, details: { ...details, properties: { ...inDetails, reason } } },
      }
    : document["error"];
}

function operationOf(id: string, operation: unknown): ContractOperation {
  const { method, path } = fieldsIn(operation);
  if (!isFields(operation) || typeof method !== "string" || typeof path !== "string")
    throw new Unreadable(`method and path of operation ${id}`, "one is missing", "take the whole document");
  const names = [...path.matchAll(parameter)].map(([, name]) => name as string);
  return {
    name: id,
    address: `${method} ${path.replaceAll(parameter, "{}")}`,
    says: {
      id,
      ...operation,
      ...replyOf(operation),
      ...("again" in operation ? { again: againOf(operation["again"]) } : {}),
      input: byPlace(fieldsIn(operation["input"]), names),
    },
  };
}

const parameter = /:([A-Za-z_]\w*)/g;

/** Where generations see forms of their own, those are what callers get; the schema of all says only which there are. */
function replyOf({ reply, forms }: Fields): Fields {
  const { schema, ...rest } = fieldsIn(reply);
  return Object.keys(fieldsIn(forms)).length === 0 ? {} : { reply: rest, anyForm: schema };
}

/** An input with the parameters of its path by their place there: their names go over no wire. */
function byPlace(input: Fields, names: readonly string[]): Fields {
  const renamed = (name: string) => {
    const i = names.indexOf(name);
    return i === -1 ? name : `{${i + 1}}`;
  };
  const { properties, required, ...rest } = input;
  return {
    ...rest,
    ...(isFields(properties)
      ? { properties: objectOf(Object.entries(properties).map(([name, schema]) => [renamed(name), schema])) }
      : {}),
    ...(Array.isArray(required) ? { required: required.map((name) => renamed(String(name))) } : {}),
  };
}
