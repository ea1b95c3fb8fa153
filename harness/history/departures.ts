import { checkCall, inNoContract } from "../../contracts/exchange.ts";
import { keyFields } from "../../contracts/operations/users.ts";
import { type OperationId, operations } from "../../contracts/operations.ts";
import { servedStatus } from "./calls.ts";
import type { ExchangeEvent, HistoryEvent } from "./event.ts";
import { type Histories, historiesIn } from "./job-history.ts";
import type { ModelDeparture } from "./modelled/model-calls.ts";

/**
 * Every way in which a request that the service took, or its answer, departs from the contract: `reply: job: …`. A call
 * that the service did not answer says nothing.
 */
export function departuresOf(exchange: ExchangeEvent): string[] {
  const status = servedStatus(exchange);
  if (status === null) return [];
  const { operation, generation, request, reply, method, path } = exchange;
  if (!isOperation(operation)) return [inNoContract(method ?? "a call of", path ?? operation ?? "nothing")];
  const found = checkCall(operation, { input: request, status, reply }, generation ?? undefined);
  const secret = secretIn(exchange);
  if (found.length === 0 && secret === null) return none;
  return [
    ...found.map(({ side, problem }) => `${side}: ${problem}`),
    ...(secret === null ? [] : [`reply: it holds a secret of the run, ${secret}`]),
  ];
}

/**
 * A secret in what a customer was answered, as its token in a history. What the customer said itself may come back. A key that
 * it asked for is left to the model.
 */
function secretIn({ link, headers, operation, request, reply }: ExchangeEvent): string | null {
  if (link !== "customer->api" || headers === undefined || !holds(reply, "***")) return null;
  const told = keyFields[operation ?? ""];
  const rest = JSON.stringify(reply, (key, value: unknown) => (key === told ? null : value)) ?? "";
  const tokens = rest.match(/\*{3}\d+(?::\w+)?\*{3}/g) ?? [];
  const own = JSON.stringify(request) ?? "";
  return tokens.find((token) => !own.includes(token)) ?? null;
}

/** Whether a text stands anywhere in a value: files are long, and few hold any. */
function holds(value: unknown, text: string): boolean {
  if (typeof value === "string") return value.includes(text);
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some((item) => holds(item, text));
  return Object.entries(value).some(([name, inner]) => name.includes(text) || holds(inner, text));
}

const none: string[] = [];

const isOperation = (name: string | null): name is OperationId =>
  name !== null && Object.hasOwn(operations, name);

/** What the model of the service does not allow, with the call. */
export const modelledText = ({ exchange, problem }: ModelDeparture): string =>
  `${calledOn(exchange)}: model: ${problem}`;

/** Who called what, as departures are told by it. */
export const calledOn = ({ link, operation, method, path }: ExchangeEvent): string =>
  `${link}, ${operation ?? `${method} ${path?.split("?", 1)[0]}`}`;

/** Departures from the contract in exchanges that belong to no job of the workload, each once with its link and count. */
export const looseViolations = (events: readonly HistoryEvent[]): string[] =>
  looseDepartures(historiesIn(events));

/** Whether there is one. What the model says is asked last. */
export const hasLooseDeparture = (histories: Histories): boolean =>
  histories.disclosures.length > 0 ||
  histories.loose.some((exchange) => departuresOf(exchange).length > 0) ||
  histories.looseModelled.length > 0;

export function looseDepartures({
  loose,
  looseModelled,
  disclosures,
}: Pick<Histories, "loose" | "looseModelled" | "disclosures">): string[] {
  const seen = new Map<string, number>();
  const texts = [
    ...loose.flatMap((exchange) =>
      departuresOf(exchange).map((departure) => `${calledOn(exchange)}: ${departure}`),
    ),
    ...looseModelled.map(modelledText),
    ...disclosures.map(({ component, detail }) => `${component}: ${detail}`),
  ];
  for (const text of texts) seen.set(text, (seen.get(text) ?? 0) + 1);
  return [...seen].map(([text, times]) => (times === 1 ? text : `${text} (${times} times)`));
}
