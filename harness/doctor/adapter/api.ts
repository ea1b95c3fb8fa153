import type { Checks } from "../check.ts";
import { type Asked, allOf, answeredWith, type Tried } from "./asked.ts";

/** How an API answers to those whom the config names, and to those whom it does not. */
export interface ApiFacts {
  /** Each worker that runs: how its own claims were answered. */
  claims: readonly Tried[];
  /** Claims without a credential, and with one of nobody. */
  strangerClaims: readonly Asked[];
  /** Each worker token of the config, heard about a job that there is not. */
  tokens: readonly Asked[];
  /** Claims as a generation with the token of the other one. */
  foreignClaims: readonly Asked[];
  /** The list of its databases, asked for with each customer's key. */
  keys: readonly Asked[];
  /** The same without a key, and with one of nobody. */
  strangers: readonly Asked[];
  /** Each customer's database in that list. */
  databases: readonly Tried[];
  /** What is asked of it at the end of every cell, against the contract. */
  answers: readonly Tried[];
}

const noCustomers = "the config names no customers";
const noTokens = "the config has no `workerTokens`";

export const apiChecks = {
  "claims-accepted": {
    expected: "200 to the claims of each worker, in the form of the contract",
    why: "a worker that is refused takes no job",
    judge: ({ claims }) =>
      allOf(claims, {
        none: "no worker is ready",
        next: "give API and worker, each by its `env`, the same token for the generation",
      }),
  },
  "claims-guarded": {
    expected: "401 to a claim without a token, and with one of nobody",
    why: "whoever may claim jobs reads what customers ask, and ends it as it likes",
    judge: ({ strangerClaims }) =>
      answeredWith(401, strangerClaims, { none: "", next: "let the API ask each claim for a token" }),
  },
  "worker-tokens": {
    expected: "each token of `workerTokens` to be known: 404 to a heartbeat for a job that there is not",
    why: "the probe speaks as a worker by them",
    judge: ({ tokens }) =>
      answeredWith(404, tokens, {
        none: noTokens,
        next: "give the API, by its `env`, the tokens that `workerTokens` names",
      }),
  },
  "tokens-apart": {
    expected: "403 to a claim as one generation with the token of the other",
    why: "a worker of one generation could take the other's jobs",
    judge: ({ foreignClaims }) =>
      answeredWith(403, foreignClaims, {
        none: noTokens,
        next: "give each generation a token of its own, and let the API hold the claim's generation against it",
      }),
  },
  "customer-keys": {
    expected: "each customer's key to be let in: 200 to database.list",
    why: "every job is issued with it",
    judge: ({ keys }) =>
      answeredWith(200, keys, {
        none: noCustomers,
        next: "give the API, by its `env`, the keys that `customers` names",
      }),
  },
  "keys-guarded": {
    expected: "401 to a customer's call without a key, and with one of nobody",
    why: "whoever may call reads what customers keep",
    judge: ({ strangers }) =>
      answeredWith(401, strangers, { none: noCustomers, next: "let the API ask each call for a key" }),
  },
  "customer-databases": {
    expected: "each customer's `database` in its own list",
    why: "every job is issued in it",
    judge: ({ databases }) =>
      allOf(databases, { none: noCustomers, next: "make it in the API, or name one that is there" }),
  },
  "api-answers": {
    expected:
      "answers in the form of the contract to all that a run asks of a customer's databases, tables and jobs",
    why: "every other form is a violation of C in each cell",
    judge: ({ answers }) =>
      allOf(answers, { none: noCustomers, next: "hold the answer against openapi.json of the folder docs" }),
  },
} as const satisfies Checks<ApiFacts>;
