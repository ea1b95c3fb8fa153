import { checkCall, inNoContract } from "../../contracts/exchange.ts";
import { type OperationId, operations } from "../../contracts/operations.ts";
import { servedStatus } from "./calls.ts";
import type { ExchangeEvent } from "./event.ts";

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
  return found.length === 0 ? none : found.map(({ side, problem }) => `${side}: ${problem}`);
}

const none: string[] = [];

const isOperation = (name: string | null): name is OperationId =>
  name !== null && Object.hasOwn(operations, name);

/** Who called what, as departures are told by it. */
export const calledOn = ({ link, operation, method, path }: ExchangeEvent): string =>
  `${link}, ${operation ?? `${method} ${path?.split("?", 1)[0]}`}`;
