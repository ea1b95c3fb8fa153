import { type HttpHandler, HttpResponse, http } from "msw";
import {
  type ConsumerContract,
  type Interaction,
  interactionsOf,
  replyStatus,
} from "../../contracts/consumer.ts";
import { describe } from "../../contracts/exchange.ts";
import type { Engine } from "../../contracts/job.ts";
import { type OperationId, operations } from "../../contracts/operations.ts";

/** An API that does nothing but keep a consumer contract: each worker is tried against it alone. */
export interface MockApi {
  handlers: HttpHandler[];
  /** What the worker sent, in order. */
  requests: { operation: OperationId; input: Record<string, unknown> }[];
  /** Requests that the contract's schemas refuse, and operations that the contract does not have. */
  problems: string[];
}

/**
 * Handlers made from a contract. Each operation answers with the replies of the named interactions, in their order and
 * the last one again and again; operations that are not named answer as in their first interaction of the contract.
 */
export function mockApi(
  contract: ConsumerContract,
  engine: Engine,
  baseUrl: string,
  named: readonly string[],
): MockApi {
  const interactions = interactionsOf(contract, engine);
  const chosen = named.map((name) => {
    const found = interactions.find((interaction) => interaction.name === name);
    if (found === undefined) throw new Error(`${contract.consumer} has no interaction "${name}"`);
    return found;
  });
  const needed = [...new Set(interactions.map(({ operation }) => operation))];
  const mock: MockApi = { handlers: [], requests: [], problems: [] };
  for (const operation of needed) {
    const script = chosen.filter((interaction) => interaction.operation === operation);
    const first = interactions.find((interaction) => interaction.operation === operation) as Interaction;
    mock.handlers.push(handlerFor(operation, script.length > 0 ? script : [first], baseUrl, mock));
  }
  mock.handlers.push(
    http.all(`${baseUrl}/*`, ({ request }) => {
      mock.problems.push(
        `${request.method} ${new URL(request.url).pathname} is not in the contract of ${contract.consumer}`,
      );
      return HttpResponse.json({}, { status: 404 });
    }),
  );
  return mock;
}

function handlerFor(
  id: OperationId,
  script: readonly Interaction[],
  baseUrl: string,
  mock: MockApi,
): HttpHandler {
  const { method, path, input } = operations[id];
  let answered = 0;
  const on = { GET: http.get, POST: http.post, PUT: http.put }[method];
  return on(`${baseUrl}${path}`, async ({ request, params }) => {
    const sent = { ...(await bodyIn(request)), ...params };
    const valid = input.safeParse(sent);
    if (!valid.success) mock.problems.push(`${id}: ${describe(valid.error)}`);
    mock.requests.push({ operation: id, input: sent });
    const interaction = script[Math.min(answered, script.length - 1)] as Interaction;
    answered += 1;
    return HttpResponse.json(interaction.reply as Record<string, unknown>, {
      status: replyStatus(interaction),
    });
  });
}

/** The parameters of a request's body: bytes of a PUT, JSON of a POST, and none of a GET. */
async function bodyIn(request: Request): Promise<Record<string, unknown>> {
  if (request.method === "GET") return {};
  if (request.method === "PUT")
    return { content: Buffer.from(await request.arrayBuffer()).toString("base64") };
  return (await request.json()) as Record<string, unknown>;
}
