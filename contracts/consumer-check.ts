import type { ConsumerContract, Interaction } from "./consumer.ts";
import { replyStatus } from "./consumer.ts";
import { checkExchange } from "./exchange.ts";

/** A reply to the request of an interaction; the body is parsed JSON. */
export interface Answer {
  /** Path with query string, as sent. */
  url: string;
  /** All that was sent, the path's parameters too. */
  request: unknown;
  status: number;
  reply: unknown;
}

/** Every way in which a reply lacks what the consumer relies on, or departs from the operation's own contract. */
export function unmet(
  interaction: Interaction,
  { generation }: Pick<ConsumerContract, "generation">,
  answer: Answer,
): string[] {
  const { status, reply } = answer;
  const told = replyStatus(interaction);
  const read = interaction.reads.safeParse(reply);
  return [
    ...(status === told ? [] : [`status ${status}, the contract says ${told}`]),
    ...(read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`)),
    ...checkExchange({ method: "POST", ...answer }, generation).map(({ problem }) => problem),
  ];
}
