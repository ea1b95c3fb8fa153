import { numberField } from "./step.ts";

/**
 * The protocols between workers and the API, oldest first: which form a claimed job has. A claim states its protocol from
 * 2 on; one that states none speaks 1. An API that does not speak it refuses the claim; one that is older than the
 * statement itself does not see it, and answers in 1.
 */
export const protocols = [1, 2] as const;
export type Protocol = (typeof protocols)[number];

/** The protocol that a claim speaks. */
export const protocolOf = (claim: unknown): number => numberField(claim, "protocol") ?? 1;
