import { z } from "zod";
import { type Limit, limitsOf } from "../../contracts/bounds/declared.ts";
import { enginesOf } from "../../contracts/job.ts";
import { type Operation, pathParameters } from "../../contracts/operation.ts";
import { type OperationId, operations } from "../../contracts/operations.ts";
import { secretKeys } from "../history/tokenise.ts";
import { bucket, destination, plain, type Scene, type Side, sign } from "./plain-inputs.ts";
import { type Input, never, type Party } from "./probe.ts";

/** What the contract declares as limits, with a question at each and one beyond it. The schemas say where they are. */

/** The field by which an operation names what it makes: any other name is of what is there already. */
const makes: Partial<Record<OperationId, string>> = {
  "database.create": "database",
  "table.create": "table",
  "table.rename": "new_name",
  "bulk_import.create": "name",
  "bulk_import.upload_part": "part",
  "scheduled_query.create": "name",
  "user.add": "name",
  "result.create": "name",
  "worker.register_table": "table",
};
const namesOfThings: ReadonlySet<string> = new Set([
  "database",
  "table",
  "first",
  "second",
  "name",
  "part",
  "job_id",
  "target_id",
  "attempt",
  // One that nobody speaks is refused for that.
  "protocol",
]);

/**
 * Whether a limit shows from beyond: under a name that is too long there is nothing, whatever a service thinks of the name,
 * and a path from which one is left out is another path.
 */
function showsBeyond(operation: OperationId, { path, of, side, bound }: Limit): boolean {
  const isLeftOut = of === "length" && side === "least" && bound === 1;
  if (isLeftOut && pathParameters(operations[operation].path).includes(path)) return false;
  return !namesOfThings.has(path) || makes[operation] === path;
}

/** The last name of a path. */
export const fieldOf = (path: string): string => path.split(".").at(-1) as string;

/** Limits at which nothing is asked, and why. */
const unasked: readonly { why: string; is: (operation: OperationId, limit: Limit) => boolean }[] = [
  {
    why: "a warehouse may hold no names of that length: what is streamed goes into a table of a usual one",
    is: (operation, { path, side }) =>
      operation.startsWith("table.import") && side === "most" && (path === "database" || path === "table"),
  },
  {
    why: "a history would hold bodies of 8 and of 32 MiB",
    is: (_, { path }) => path === "content",
  },
  {
    why: "a token stands for a secret in a history, whatever it is",
    is: (_, { path }) => secretKeys.has(fieldOf(path)),
  },
  {
    why: "a query string carries digits, of which there may be fewer",
    is: (operation, { of, side }) =>
      (operation === "job.list" || operation === "scheduled_query.history") &&
      of === "value" &&
      side === "most",
  },
  {
    why: "behind the last moment there are no due times",
    is: (operation, { of, path, side }) =>
      operation === "scheduled_query.run" && path === "num" && of === "value" && side === "most",
  },
  {
    why: "the largest number is no whole hour",
    is: (operation, { of, side }) =>
      operation === "table.partial_delete" && of === "value" && side === "most",
  },
  {
    why: "no destination is as short",
    is: (operation, { path, side }) =>
      operation === "job.result_export" && path === "result" && side === "least",
  },
  {
    why: "a range that ends there would end before it begins",
    is: (operation, { of, path, side }) =>
      (operation === "table.partial_delete" || operation === "table.export") &&
      path === "to" &&
      side === "least" &&
      of !== "multiple",
  },
  {
    why: "a range that begins there has no end",
    is: (operation, { of, path, side }) =>
      operation === "table.export" && path === "from" && side === "most" && of === "value",
  },
];

export interface Question {
  operation: OperationId;
  limit: Limit;
}

export const isUnasked = ({ operation, limit }: Question): boolean =>
  unasked.some(({ is }) => is(operation, limit));

export const isTold = ({ operation, limit }: Question): boolean => showsBeyond(operation, limit);

/** Every limit that the contract declares. */
export const declared: readonly Question[] = Object.values(operations as Record<string, Operation>).flatMap(
  ({ id, input }) => limitsOf(input).map((limit) => ({ operation: id as OperationId, limit })),
);

/** The bound of a field that has a limit of this kind on this side. */
export function boundOf(
  operation: OperationId,
  path: string,
  side: Side,
  of: Limit["of"] = "length",
): number {
  const isIt = ({ operation: one, limit }: Question) =>
    one === operation && limit.path === path && limit.side === side && limit.of === of;
  const found = declared.find(isIt);
  if (found === undefined)
    throw new Error(`the contract declares no ${side} ${of} of ${path} of ${operation}`);
  return found.limit.bound;
}

const asked = declared.filter((question) => !isUnasked(question));

/** A word that another order has is taken. */
const words: Partial<Record<OperationId, string>> = {
  "table.partial_delete": "2",
  "job.result_export": "3",
  "scheduled_query.run": "4",
  "table.export": "5",
  "connector.issue": "6",
};

/** A field at so much of what its limit is of. */
function filled(asked: Asked, field: string, much: number, value: unknown): unknown {
  const { operation, limit, party } = asked;
  const { of, path } = limit;
  if (of !== "length") return of === "items" ? listOf(field, much, party) : much;
  const text = (words[operation] ?? sign).repeat(much);
  if (path.includes("[]")) return [tupleWith(path, text)];
  if (field === "endpoint") return bucket.endpoint.padEnd(much, "d");
  if (field === "result" || field === "url") return destination(much);
  if (field === "email") return emailOf(sign, much);
  // Spaces behind it change nothing.
  if (field === "cron") return never.padEnd(much);
  return numbers.has(field) ? digits(Number(value ?? 0), much) : text;
}

/** An email of that length, its local part as long as one may be. */
export const emailOf = (one: string, much: number): string =>
  `${one.repeat(Math.min(63, much - 2))}@`.padEnd(much, one);

interface Asked extends Question {
  party: Party;
}

/** Fields that carry a number, also as digits. */
export const numbers: ReadonlySet<string> = new Set([
  "priority",
  "retry_limit",
  "from",
  "to",
  "delay",
  "time",
  "num",
  "expire_days",
]);

const digits = (value: number, much: number): string =>
  much === 0 ? "" : `${value < 0 ? "-" : ""}${String(Math.abs(value)).padStart(much, "0")}`;

/** Of engines one may stand there again; columns each have a name. */
function listOf(field: string, much: number, { generation }: Party): unknown[] {
  const engines = enginesOf[generation].toReversed();
  return Array.from({ length: much }, (_, i) =>
    field === "engines" ? engines[i % engines.length] : [`c${i}`, "long"],
  );
}

/** Of a list of tuples one, with a text at the place of the limit: as many texts as that needs. */
function tupleWith(path: string, text: string): string[] {
  const place = Number(/\[(\d)\]$/.exec(path)?.[1]);
  return Array.from({ length: Math.max(2, place + 1) }, (_, i) => (i === place ? text : sign));
}

function withField(input: Input, asked: Asked, much: number): Input {
  const place = asked.limit.path.replace(/\[.*/, "").split(".");
  const within = (outer: Input, [field = "", ...rest]: readonly string[]): Input => ({
    ...outer,
    [field]:
      rest.length === 0 ? filled(asked, field, much, outer[field]) : within(outer[field] as Input, rest),
  });
  return within(input, place);
}

/** JSON clients send null for what they leave out; a query string has no such word. */
function nullsOf(operation: OperationId): Input {
  const { method, input }: Operation = operations[operation];
  if (method !== "POST" || !(input instanceof z.ZodObject)) return {};
  const left = Object.entries<z.ZodType>(input.shape).filter(([, field]) =>
    [null, undefined].every((nothing) => field.safeParse(nothing).success),
  );
  return Object.fromEntries(left.map(([name]) => [name, null]));
}

/**
 * The input with each of its fields at its limit of this side, but what names things: the scene has those there. Beside the
 * least of all stands null for what may be left out.
 */
export function atLimits(operation: OperationId, scene: Scene, party: Party): Input {
  const limits = asked.filter(
    ({ operation: one, limit }) =>
      one === operation &&
      limit.side === scene.side &&
      limit.of !== "multiple" &&
      !namesOfThings.has(limit.path) &&
      limit.path !== "new_name",
  );
  const nulls = scene.side === "least" ? nullsOf(operation) : {};
  return limits.reduce((input, question) => withField(input, { ...question, party }, question.limit.bound), {
    ...nulls,
    ...plain[operation]?.(scene, party),
  });
}

/** What is made beside what the scene has. */
const others: Partial<Record<OperationId, Input>> = {
  "scheduled_query.create": { name: "beyond" },
  "user.add": { name: "beyond" },
  "result.create": { name: "beyond" },
};

/** One step beyond the limit, and right in all else. */
export function beyond(question: Question, scene: Scene, party: Party): Input {
  const { operation, limit } = question;
  const input = { ...plain[operation]?.(scene, party), ...others[operation] };
  const { of, side, bound, path } = limit;
  if (of === "multiple") return { ...input, [path]: Number(input[path]) + 1 };
  const step = of === "value" ? stepOf(operation, path) : 1;
  return withField(input, { ...question, party }, side === "most" ? bound + step : bound - step);
}

/** Values that go in steps are beyond a limit by one. */
const stepOf = (operation: OperationId, path: string): number =>
  declared.find(
    (one) => one.operation === operation && one.limit.path === path && one.limit.of === "multiple",
  )?.limit.bound ?? 1;

/** What is asked from beyond, of operations of this kind. */
export const beyondOf = (isWanted: (operation: OperationId) => boolean): Question[] =>
  asked.filter((question) => isTold(question) && isWanted(question.operation));

/** Texts that are almost a name: whoever trims names, or ignores case, takes them for it. */
const nearly: readonly ((name: string) => string)[] = [
  (name) => `${name}\n`,
  (name) => `${name} `,
  (name) => ` ${name}`,
  (name) => name.toUpperCase(),
  (name) => name.toLowerCase(),
];

/**
 * Of each customer's operation that names things in its path: right in all but one of the names, under which there is
 * nothing. What would be made under one that is a name is not asked for.
 */
export const nearNames = (scene: Scene, party: Party): { operation: OperationId; input: Input }[] =>
  Object.values(operations as Record<string, Operation>).flatMap(({ id, audience, path, input }) => {
    const operation = id as OperationId;
    const right = plain[operation]?.(scene, party);
    if (audience !== "customer" || right === undefined) return [];
    const names = pathParameters(path).filter((name) => namesOfThings.has(name));
    return names.flatMap((name) =>
      nearly
        .map((near) => ({ ...right, [name]: near(String(right[name])) }))
        .filter((one) => one[name as keyof typeof one] !== right[name])
        .filter((one) => makes[operation] !== name || !input.safeParse(one).success)
        .map((one) => ({ operation, input: one })),
    );
  });
