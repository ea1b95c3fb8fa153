import { z } from "zod";

/** Which peer found which build, as docs/peers.json holds it. */

export const peerNames = ["interlock", "pact", "diff", "fuzz"] as const;
export type PeerName = (typeof peerNames)[number];

export const foundBy = z.object({
  peer: z.enum(peerNames),
  with: z.string(),
  seconds: z.int(),
  found: z.array(z.string()),
});

/** What a mutant needs to show itself; a control is legal. */
export const needs = ["nothing", "faults", "a roll-out", "an operator", "control"] as const;
export type Need = (typeof needs)[number];

/** What docs/peers.json holds. */
export const foundSchema = z.object({
  day: z.string(),
  builds: z.array(z.object({ id: z.string(), needs: z.enum(needs) })),
  peers: z.array(foundBy),
});
export type Found = z.output<typeof foundSchema>;

/** Counts of all of a peer, and of the controls among them. */
export function countsOf({ builds, peers }: Found, peer: PeerName): { mutants: number; controls: number } {
  const found = new Set(peers.find((one) => one.peer === peer)?.found);
  const seen = builds.filter(({ id }) => found.has(id));
  const controls = seen.filter((one) => one.needs === "control").length;
  return { mutants: seen.length - controls, controls };
}
