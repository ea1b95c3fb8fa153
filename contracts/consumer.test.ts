import { readdirSync } from "node:fs";
import { assert, describe, expect, test } from "vitest";
import { z } from "zod";
import { type ConsumerContract, consumerDigest, type Interaction } from "./consumer.ts";
import { frozen } from "./consumers/frozen.ts";
import { importsV5, importsV6 } from "./consumers/imports.ts";
import { destinationUrl } from "./consumers/interactions.ts";
import { v5 } from "./consumers/v5.ts";
import { v6 } from "./consumers/v6.ts";
import { parseDestination } from "./destination.ts";
import { errorBody, statusOf } from "./errors.ts";
import { checkExchange } from "./exchange.ts";
import { enginesOf } from "./job.ts";
import { fillPath, type Operation } from "./operation.ts";
import { operations } from "./operations.ts";

const contracts: ConsumerContract[] = [v5, v6, importsV5, importsV6];

test("every contract of the folder is tried here", () => {
  const files = readdirSync(new URL("./consumers/", import.meta.url));
  const others = ["frozen.ts", "interactions.ts"];
  expect(files.filter((name) => !others.includes(name)).sort()).toEqual(["imports.ts", "v5.ts", "v6.ts"]);
});

describe.each(contracts)("$consumer", (contract) => {
  const { consumer, generation, interactions } = contract;

  test("is as it was on the day of its release", () => {
    const advice = [
      `A released contract does not change, and that of ${consumer} did: such workers are out there and rely on it.`,
      "Take the change back. If a new build of workers needs something else, write a contract of its own beside this",
      "one, with its own line in contracts/consumers/frozen.ts. Only an upgrade of zod that words the same JSON Schema",
      "anew is a reason to change the digest there, in a commit of its own.",
    ].join("\n");
    assert.strictEqual(consumerDigest(contract), frozen[consumer], advice);
  });

  test("says which generation with which engines", () => {
    expect(enginesOf[generation]).toEqual(expect.arrayContaining([...contract.engines]));
    expect(new Date(contract.released).toISOString().slice(0, 10)).toBe(contract.released);
  });

  test("has an interaction of each name for each engine", () => {
    const names = interactions.map(({ name }) => name);
    for (const name of names) {
      expect(names.filter((other) => other === name)).toHaveLength(contract.engines.length);
    }
  });

  describe.each(interactions)("$name", (interaction) => {
    const { send, reply, reads } = interaction;
    const operation: Operation = operations[interaction.operation];
    const input = { job_id: "1", ...send };
    const refusal = errorBody.safeParse(reply).data;
    const status = refusal?.details === undefined ? 200 : statusOf[refusal.details.reason];

    test("its example reply is what it reads", () => {
      expect(reads.safeParse(reply).error).toBe(undefined);
    });

    test("it reads no other reply than one with its keys", () => {
      expect(reads.safeParse({}).success).toBe(false);
      expect(reads.safeParse({ ...(reply as object), added_later: true }).success).toBe(true);
    });

    test("its request is one that the operation accepts", () => {
      expect(operation.input.safeParse(input).error).toBe(undefined);
    });

    test("the whole exchange is as the operation says, in the form of its generation", () => {
      const url = fillPath(operation.path, input);
      expect(
        checkExchange({ method: operation.method, url, request: send, status, reply }, generation),
      ).toEqual([]);
    });
  });
});

test.each(["v5", "v6"] as const)("every worker operation is in a contract of %s", (wanted) => {
  const own = contracts.filter(({ generation }) => generation === wanted);
  const tried = new Set<string>(
    own.flatMap(({ interactions }) => interactions.map(({ operation }) => operation)),
  );
  const workerSide = Object.values(operations).filter(({ audience }) => audience === "worker");
  expect(workerSide.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual([]);
});

test.each([v5, v6])("$consumer runs all engines of its generation", ({ engines, generation }) => {
  expect(engines).toEqual(enginesOf[generation]);
});

test("the two claims with output say the same destination, each in its form", () => {
  const [asUrl, asSettings] = [v5, v6].map(claimWithOutput);
  const settings = asSettings?.["result_settings"];
  expect(parseDestination(String(asUrl?.["result_url"]))).toEqual({ ok: true, settings });
  expect(asUrl?.["result_url"]).toBe(destinationUrl);
});

test("a claim in the form of the other generation is not what a worker reads", () => {
  const reads = { v5: outputClaim(v5).reads, v6: outputClaim(v6).reads };
  expect(reads.v6.safeParse(outputClaim(v5).reply).success).toBe(false);
  expect(reads.v5.safeParse(outputClaim(v6).reply).success).toBe(false);
});

test.each([
  [v5, { result_url: undefined }],
  [v5, { result_url: null }],
  [v5, { result_url: decodeURIComponent(destinationUrl) }],
  [v5, { result_url: destinationUrl.replace("?mode=append", "") }],
  [v5, { job_id: 1 }],
  [v5, { attempt: 0 }],
  [v6, { result_settings: undefined }],
  [v6, { result_settings: null }],
  [
    v6,
    { result_settings: { ...(claimWithOutput(v6)?.["result_settings"] as object), password: "p%3Aw%2Fd" } },
  ],
  [v6, { result_settings: { ...(claimWithOutput(v6)?.["result_settings"] as object), unique: ["id"] } }],
])("%# a claim whose output was altered is not what a worker reads", (contract, differs) => {
  const { reads, reply } = outputClaim(contract);
  const { job } = reply as { job: object };
  expect(reads.safeParse({ job }).success).toBe(true);
  expect(reads.safeParse({ job: { ...job, ...differs } }).success).toBe(false);
});

describe("the digest", () => {
  const first = v6.interactions[0] as Interaction;
  const withFirst = (more: Partial<Interaction>): ConsumerContract => ({
    ...v6,
    interactions: [{ ...first, ...more }, ...v6.interactions.slice(1)],
  });

  test.each<[string, ConsumerContract]>([
    ["a new name", { ...v6, consumer: "worker-v7" }],
    ["one engine more", { ...v6, engines: [...v6.engines, "presto"] }],
    ["one interaction less", { ...v6, interactions: v6.interactions.slice(1) }],
    ["another order", { ...v6, interactions: v6.interactions.toReversed() }],
    ["another request", withFirst({ send: {} })],
    ["another example", withFirst({ reply: {} })],
    ["another state", withFirst({ given: { type: "hive", query: "SELECT 1", stage: "queued" } })],
    ["reading less", withFirst({ reads: z.looseObject({}) })],
  ])("is another with %s", (_, changed) => {
    expect(consumerDigest(changed)).not.toBe(consumerDigest(v6));
  });

  test("is the same for the same schema made anew", () => {
    expect(consumerDigest(withFirst({ reads: z.looseObject({ job: z.null() }) }))).toBe(consumerDigest(v6));
  });
});

function outputClaim({ interactions }: ConsumerContract): Interaction {
  const found = interactions.find(({ given, operation }) => operation === "worker.claim" && given?.result);
  return found as Interaction;
}

function claimWithOutput(contract: ConsumerContract): Record<string, unknown> | undefined {
  return (outputClaim(contract).reply as { job?: Record<string, unknown> }).job;
}
