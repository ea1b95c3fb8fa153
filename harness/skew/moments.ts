import { destinationOf, isRefused, type Scenario } from "../schedule/scenario.ts";
import type { Site } from "../schedule/schedule.ts";
import { statementOf } from "../schedule/statements.ts";

/** Where in a job's life a step is taken. */
export interface Moment {
  at: Pick<Site, "link" | "operation" | "phase">;
  /** Whether the first attempt at such a job is certain to come to this site. */
  isSurelyReached: (scenario: Scenario) => boolean;
}

const always = () => true;
const isRunFromKept = ({ statement }: Scenario) => statementOf(statement).orderedBy === "scheduled_query.run";
const isGood = ({ ending }: Scenario) => ending === "success";

/** In the order of a job's life. */
export const moments: readonly Moment[] = [
  /** A chunk is taken, and is perhaps not in its table yet. */
  {
    at: { link: "customer->api", operation: "table.import_with_id", phase: "after" },
    isSurelyReached: ({ statement }) => statementOf(statement).effect === "streams",
  },
  /** The job is accepted; no worker has it yet. */
  {
    at: { link: "customer->api", operation: "job.issue", phase: "after" },
    isSurelyReached: (scenario) => !isRunFromKept(scenario),
  },
  {
    at: { link: "customer->api", operation: "scheduled_query.run", phase: "after" },
    isSurelyReached: isRunFromKept,
  },
  { at: { link: "worker->api", operation: "worker.claim", phase: "after" }, isSurelyReached: always },
  { at: { link: "worker->api", operation: "worker.heartbeat", phase: "before" }, isSurelyReached: always },
  /** The API knows that the customer wants the job killed; the worker does not. */
  {
    at: { link: "customer->api", operation: "job.kill", phase: "after" },
    isSurelyReached: ({ ending }) => ending === "killed",
  },
  /** The table is filled under another name and registered; nobody can read it yet. */
  {
    at: { link: "worker->warehouse", operation: "publishTable", phase: "before" },
    isSurelyReached: (scenario) => isGood(scenario) && statementOf(scenario.statement).effect === "makes",
  },
  /** The result is delivered; no receipt was sent. */
  {
    at: { link: "worker->destination", operation: "deliver", phase: "after" },
    isSurelyReached: (scenario) =>
      isGood(scenario) && destinationOf(scenario) !== null && !isRefused(scenario),
  },
  /** The effect is there; the worker has not yet written down that it must report it. */
  { at: { link: "worker->disk", operation: "put", phase: "before" }, isSurelyReached: always },
  { at: { link: "worker->api", operation: "worker.finish", phase: "before" }, isSurelyReached: always },
  { at: { link: "worker->api", operation: "worker.finish", phase: "after" }, isSurelyReached: always },
];

/** The moments of such a job at which a fault can hit the process, as indices into `moments`. */
export const momentsOf = (
  scenario: Scenario,
  process: string,
  reaches: (at: Moment["at"], scenario: Scenario) => boolean = () => true,
): number[] =>
  moments.flatMap(({ at, isSurelyReached }, place) =>
    isSurelyReached(scenario) &&
    reaches(at, scenario) &&
    !(at.link === "worker->disk" && process.startsWith("api"))
      ? [place]
      : [],
  );
