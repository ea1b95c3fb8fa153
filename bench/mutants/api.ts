import type { ApiProcess, InProcessSystem } from "../../contracts/in-process.ts";
import { neverAborted, plain, realClock, seed } from "../../harness/testing/plain-world.ts";

/** A process of a build with a state of its own, to be asked over HTTP's own types. */
export const startApi = (system: InProcessSystem): ApiProcess =>
  system.startApi(system.createState(seed), { clock: realClock, database: plain, stop: neverAborted });
