import { describe, expect, test } from "vitest";
import type { ConsumerContract, Interaction } from "../../contracts/consumer.ts";
import { unmet } from "../../contracts/consumer-check.ts";
import { bringAbout, send } from "../../harness/testing/given.ts";
import { neverAborted, plain, realClock, seed, tokens } from "../../harness/testing/plain-world.ts";
import { consumerContracts, importContracts, systemOf } from "./builds.ts";

/** The API, over its own HTTP edge, against what each worker generation needs of it. */

describe.each([...consumerContracts, ...importContracts])(
  "the current API keeps the contract of $consumer",
  (contract) => {
    test.each(contract.interactions)("$operation: $name", async (interaction) => {
      expect(await problemsOf("current", contract, interaction)).toEqual([]);
    });
  },
);

test("the API of 2015-08-24 breaks the contract of worker v5 where output is asked for, and nothing else", async () => {
  const broken: string[] = [];
  for (const contract of consumerContracts) {
    for (const interaction of contract.interactions) {
      const problems = await problemsOf("2015-08-24", contract, interaction);
      if (problems.length > 0) broken.push(`${contract.consumer}: ${interaction.name}`);
    }
  }
  expect([...new Set(broken)].sort()).toEqual([
    "worker-v5: claims a job with output and finds the destination in its own form",
    "worker-v5: is refused success while output is undelivered",
    "worker-v6: is refused success while output is undelivered",
  ]);
});

/** Brings an API to the given state by its own operations, sends the request, and reads the reply as the consumer does. */
async function problemsOf(
  release: string,
  contract: ConsumerContract,
  interaction: Interaction,
): Promise<string[]> {
  const system = await systemOf(release);
  const api = system.startApi(system.createState(seed), {
    clock: realClock,
    database: plain,
    stop: neverAborted,
  });
  const job = await bringAbout(api, contract, interaction);
  const input = { ...(job === null ? {} : { job_id: job }), ...interaction.send };
  const { status, body, url } = await send(
    api,
    interaction.operation,
    input,
    `Worker ${tokens[contract.generation]}`,
  );
  return unmet(interaction, contract, { url, request: input, status, reply: body });
}
