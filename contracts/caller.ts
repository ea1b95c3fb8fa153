import type { Cluster, Generation } from "./job.ts";

/** Who speaks, as far as the API could establish it. */
export type Caller =
  | { kind: "anonymous" }
  | { kind: "customer"; account: number; name: string; cluster: Cluster }
  | { kind: "worker"; generation: Generation };
