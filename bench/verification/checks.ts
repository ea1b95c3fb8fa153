import { type Interaction, replyStatus } from "../../contracts/consumer.ts";
import { v5 } from "../../contracts/consumers/v5.ts";
import { v6 } from "../../contracts/consumers/v6.ts";
import type { Generation } from "../../contracts/job.ts";
import { fillPath, splitInput } from "../../contracts/operation.ts";
import { operations } from "../../contracts/operations.ts";

/** One interaction of a worker's contract with a request of its own. */
export interface Check {
  generation: Generation;
  interaction: Interaction;
  method: string;
  url: string;
  /** All that is sent, the path's parameters too. */
  request: Record<string, unknown>;
  body: string;
  status: number;
  reply: string;
}

/** Names the check to the provider, which has no states: it answers by this number. */
export const checkHeader = "x-check";

const all = [v5, v6].flatMap(({ generation, interactions }) =>
  interactions.map((interaction) => ({ generation, interaction })),
);

/** So many checks of the workers' contracts, by turns, each of a job of its own. */
export const checksOf = (count: number): Check[] =>
  Array.from({ length: count }, (_, i) => {
    const { generation, interaction } = all[i % all.length] as (typeof all)[number];
    const { method, path } = operations[interaction.operation];
    const request = { ...interaction.send, ...(interaction.given === null ? {} : { job_id: String(i + 1) }) };
    return {
      generation,
      interaction,
      method,
      url: fillPath(path, request),
      request,
      body: JSON.stringify(splitInput({ method, path }, request).body),
      status: replyStatus(interaction),
      reply: JSON.stringify(interaction.reply),
    };
  });
