import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type ConsumerContract, interactionsOf } from "../../contracts/consumer.ts";
import { destinationUrl } from "../../contracts/consumers/interactions.ts";
import { parseDestination } from "../../contracts/destination.ts";
import type { SystemState } from "../../contracts/in-process.ts";
import type { Engine } from "../../contracts/job.ts";
import { type MockApi, mockApi } from "../../harness/mock/contract-handlers.ts";
import { plain, realClock, seed, tokens } from "../../harness/testing/plain-world.ts";
import { consumerContracts, systemOf } from "./builds.ts";

/** Each worker alone, against an API that is nothing but its own consumer contract. */

const server = setupServer();
const api = "http://api.interlock.test";
// Listening comes before the first request: sockets that are pooled already would pass msw by.
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const cases = consumerContracts.flatMap((contract) =>
  contract.engines.map((engine) => ({ contract, engine, name: contract.consumer })),
);

test("the mocks answer where there is no API", async () => {
  server.use(...mockApi(consumerContracts[0] as ConsumerContract, "presto", api, []).handlers);
  const reply = await fetch(`${api}/worker/v1/claim`, {
    method: "POST",
    body: JSON.stringify({ generation: "v5", engines: ["presto"], worker: "w", version: "1" }),
  });
  expect([reply.status, await reply.json()]).toEqual([200, { job: null }]);
});

test.each(cases)(
  "$name, $engine: delivers to the destination that its claim names, states it, and reports success",
  async ({ contract, engine }) => {
    const { mock, state } = await work(contract, engine, [
      "claims a job with output and finds the destination in its own form",
    ]);
    expect(mock.problems).toEqual([]);
    const wanted = parseDestination(destinationUrl);
    expect(state.deliveries()).toEqual([
      {
        job: "1",
        settings: wanted.ok && wanted.settings,
        columns: [
          ["symbol", "string"],
          ["price", "double"],
        ],
        rows: [
          ["TDCP", 12.5],
          ["HDPX", 0.1],
        ],
      },
    ]);
    expect(steps(mock)).toEqual(["worker.receipt", "worker.finish success"]);
  },
);

test.each(cases)(
  "$name, $engine: reports success of a job without output and delivers nothing",
  async ({ contract, engine }) => {
    const { mock, state } = await work(contract, engine, ["claims a job without output"]);
    expect(mock.problems).toEqual([]);
    expect(state.deliveries()).toEqual([]);
    expect(steps(mock)).toEqual(["worker.finish success"]);
  },
);

test.each(cases)(
  "$name, $engine: ends a job as error when its success is refused since nothing was delivered",
  async ({ contract, engine }) => {
    const { mock } = await work(contract, engine, [
      "claims a job without output",
      "is refused success while output is undelivered",
      "may send the same report again",
    ]);
    expect(mock.problems).toEqual([]);
    expect(steps(mock)).toEqual(["worker.finish success", "worker.finish error"]);
  },
);

test.each(cases)(
  "$name, $engine: says no more about a job that it is refused as stale",
  async ({ contract, engine }) => {
    const { mock } = await work(contract, engine, [
      "claims a job without output",
      "is refused a report for an attempt that is not the newest",
    ]);
    expect(steps(mock)).toEqual(["worker.finish success"]);
  },
);

/** Lets the worker live until it asks for the job after the first and has nothing left to send. */
async function work(contract: ConsumerContract, engine: Engine, named: readonly string[]) {
  const idle = "claims nothing when nothing waits";
  expect(interactionsOf(contract, engine).map(({ name }) => name)).toEqual(
    expect.arrayContaining([...named, idle]),
  );
  const mock = mockApi(contract, engine, api, [...named, idle]);
  server.use(...mock.handlers);
  const system = await systemOf("current");
  const state = system.createState(seed);
  const stop = new AbortController();
  const id = contract.consumer;
  const living = system.startWorker(
    contract.generation,
    state,
    {
      clock: realClock,
      random: () => 0.5,
      id,
      token: tokens[contract.generation],
      api: { kind: "http", baseUrl: api },
      warehouse: plain,
      destination: plain,
      disk: plain,
    },
    stop.signal,
  );
  await expect
    .poll(() => claims(mock) > 1 && finishes(mock) >= reportsWanted(named) && state.unsent(id) === 0, {
      timeout: 10_000,
    })
    .toBe(true);
  stop.abort();
  await living;
  return { mock, state: state as SystemState };
}

const reportsWanted = (named: readonly string[]) =>
  named.includes("may send the same report again") ? 2 : 1;
const claims = ({ requests }: MockApi) =>
  requests.filter(({ operation }) => operation === "worker.claim").length;
const finishes = ({ requests }: MockApi) =>
  requests.filter(({ operation }) => operation === "worker.finish").length;

/** The reports that decide a job; how often a lease was extended is nobody's promise. */
const steps = ({ requests }: MockApi): string[] =>
  requests
    .filter(({ operation }) => operation === "worker.receipt" || operation === "worker.finish")
    .map(({ operation, input }) =>
      operation === "worker.finish" ? `${operation} ${String(input["status"])}` : operation,
    );
