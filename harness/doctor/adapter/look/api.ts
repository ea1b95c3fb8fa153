import { statusOf } from "../../../../contracts/errors.ts";
import { checkCall } from "../../../../contracts/exchange.ts";
import { type Cluster, clusters, enginesOf, generations } from "../../../../contracts/job.ts";
import type { OperationId } from "../../../../contracts/operations.ts";
import { field } from "../../../../contracts/step.ts";
import type { CustomerAccount } from "../../../config/config.ts";
import type { ApiFacts } from "../api.ts";
import type { Asked, Tried } from "../asked.ts";
import type { Input, Reach } from "./reach.ts";

/** An id that no job has: the largest there can be. */
const noJob = "9223372036854775807";
const noTable = "doctor_no_such_table";

/** Calls that change nothing: what is taken of them finds no job to hand out, since none was issued yet. */
export async function lookAtApi(reach: Reach, claims: readonly Tried[]): Promise<ApiFacts> {
  const customers = customersOf(reach);
  const { workerTokens } = reach.config;
  const ask = async (what: string, operation: OperationId, input: Input, authorization: string | null) => ({
    what,
    status: (await reach.call(operation, input, authorization))?.status ?? null,
  });
  const claim = (generation: "v5" | "v6") => ({
    generation,
    engines: enginesOf[generation],
    worker: "doctor",
    version: "doctor",
  });
  const tokens = generations.map((generation) => ({ generation, token: workerTokens?.[generation] ?? "" }));
  const [strangerClaims, own, foreignClaims, keys, strangers] = await Promise.all([
    Promise.all([
      ask("without a token", "worker.claim", claim("v5"), null),
      ask("a token of nobody", "worker.claim", claim("v5"), "Worker known-to-nobody"),
    ]),
    Promise.all(
      tokens.map(({ generation, token }) =>
        ask(generation, "worker.heartbeat", { job_id: noJob, attempt: 1 }, `Worker ${token}`),
      ),
    ),
    Promise.all(
      tokens.map(({ generation, token }) => {
        const other = generations.find((one) => one !== generation) ?? generation;
        return ask(
          `${other} with the token of ${generation}`,
          "worker.claim",
          claim(other),
          `Worker ${token}`,
        );
      }),
    ),
    Promise.all(customers.map(([cluster, one]) => ask(cluster, "database.list", {}, keyOf(one)))),
    Promise.all([
      ask("without a key", "database.list", {}, null),
      ask("a key of nobody", "database.list", {}, "TD1 known-to-nobody"),
    ]),
  ]);
  const [databases, answers] = await Promise.all([
    Promise.all(customers.map((one) => databaseIn(reach, one))),
    Promise.all(customers.flatMap((one) => answersTo(reach, one))),
  ]);
  const isKnown = <T extends readonly Asked[]>(asked: T) => (workerTokens === undefined ? [] : asked);
  return {
    claims,
    strangerClaims,
    tokens: isKnown(own),
    foreignClaims: isKnown(foreignClaims),
    keys,
    strangers: customers.length === 0 ? [] : strangers,
    databases,
    answers,
  };
}

type Customer = readonly [Cluster, CustomerAccount];

export const customersOf = ({ config }: Pick<Reach, "config">): Customer[] =>
  clusters.flatMap((cluster): Customer[] => {
    const customer = config.customers[cluster];
    return customer === undefined ? [] : [[cluster, customer]];
  });

export const keyOf = ({ apikey }: CustomerAccount): string => `TD1 ${apikey}`;

async function databaseIn({ call }: Reach, [cluster, customer]: Customer): Promise<Tried> {
  const reply = await call("database.list", {}, keyOf(customer));
  const list: unknown = field(reply?.body, "databases");
  const names = Array.isArray(list) ? list.map((one) => String(field(one, "name"))) : [];
  const { database } = customer;
  const found = names.length === 0 ? "it lists none" : `it lists ${names.slice(0, 5).join(", ")}`;
  return { what: `${cluster}: ${database}`, trouble: names.includes(database) ? null : found };
}

/** What a run asks when all is over, and how the contract has it answered. */
const asked = ({ database }: CustomerAccount): [OperationId, Input, number][] => [
  ["database.list", {}, 200],
  ["database.show", { database }, 200],
  ["table.list", { database }, 200],
  ["table.show", { database, table: noTable }, statusOf.not_found],
  ["job.list", {}, 200],
  ["job.status", { job_id: noJob }, statusOf.not_found],
];

const answersTo = ({ call, lacks }: Reach, [cluster, customer]: Customer): Promise<Tried>[] =>
  asked(customer)
    .filter(([operation]) => !lacks.includes(operation))
    .map(async ([operation, input, status]) => {
      const reply = await call(operation, input, keyOf(customer));
      return { what: `${operation} of ${cluster}`, trouble: departure(operation, input, status, reply) };
    });

/** How an answer departs from what the contract asks for; null where it does not. */
export function departure(
  operation: OperationId,
  input: Input,
  status: number,
  reply: { status: number; body: unknown } | null,
): string | null {
  if (reply === null) return "no whole answer came";
  if (reply.status !== status) return `it was answered with ${reply.status} and not ${status}`;
  const [found] = checkCall(operation, { input, status, reply: reply.body });
  return found === undefined ? null : `${found.side}: ${found.problem}`;
}
