import { destinationOf, type Scenario } from "../schedule/scenario.ts";
import type { Site } from "../schedule/schedule.ts";
import { statementOf } from "../schedule/statements.ts";

/** Where in a job's life a step is taken, in the order of that life. */

export interface Moment {
  at: Pick<Site, "link" | "operation" | "phase">;
  /** Whether the first life of such a job surely comes by. */
  isOf: (scenario: Scenario) => boolean;
}

const always = () => true;
const isGood = ({ ending }: Scenario) => ending === "success";

export const moments: readonly Moment[] = [
  /** It is accepted, and no worker knows of it. */
  { at: { link: "customer->api", operation: "job.issue", phase: "after" }, isOf: always },
  { at: { link: "worker->api", operation: "worker.claim", phase: "after" }, isOf: always },
  { at: { link: "worker->api", operation: "worker.heartbeat", phase: "before" }, isOf: always },
  /** The API knows that its customer wants its end, and the worker does not. */
  {
    at: { link: "customer->api", operation: "job.kill", phase: "after" },
    isOf: ({ ending }) => ending === "killed",
  },
  /** Its table is filled aside and registered, and nobody can read it. */
  {
    at: { link: "worker->warehouse", operation: "publishTable", phase: "before" },
    isOf: (scenario) => isGood(scenario) && statementOf(scenario.statement).effect === "makes",
  },
  /** Its result is delivered, and no receipt is sent. */
  {
    at: { link: "worker->destination", operation: "deliver", phase: "after" },
    isOf: (scenario) => isGood(scenario) && destinationOf(scenario) !== null,
  },
  /** The effect is there, and the worker has not written down that it is to be reported. */
  { at: { link: "worker->disk", operation: "put", phase: "before" }, isOf: always },
  { at: { link: "worker->api", operation: "worker.finish", phase: "before" }, isOf: always },
  { at: { link: "worker->api", operation: "worker.finish", phase: "after" }, isOf: always },
];

/** The moments of such a job at which a fault can hit the process, by their places. */
export const momentsOf = (
  scenario: Scenario,
  process: string,
  reaches: (at: Moment["at"], scenario: Scenario) => boolean = () => true,
): number[] =>
  moments.flatMap(({ at, isOf }, place) =>
    isOf(scenario) && reaches(at, scenario) && !(at.link === "worker->disk" && process.startsWith("api"))
      ? [place]
      : [],
  );
