import { type JobStatus, jobStatuses } from "../../contracts/job.ts";
import { operations } from "../../contracts/operations.ts";
import { factsOf, stepOf } from "../../contracts/steps.ts";
import { UsageError } from "../errors.ts";
import { numberNamed } from "../history/calls.ts";
import type { ExchangeEvent, IsAt } from "../history/event.ts";
import { stateRead } from "../history/in-words.ts";
import type { Schedule } from "../schedule/schedule.ts";

type Place =
  | { kind: "fault"; index: number }
  | { kind: "call"; operation: string; nth: number }
  | { kind: "job"; number: number; status: JobStatus };

const placeForms = "fault:N, call:OPERATION, call:OPERATION:N or job:N:STATUS";

/**
 * A place in the history of a schedule: its `N`th fault has taken hold, the `N`th call of an operation (else the first)
 * has come to its link and goes no further, or the customer of its `N`th job has read this status. All count from 1.
 */
export function placeIn(text: string, schedule: Schedule): IsAt {
  return watch(parse(text, schedule));
}

function parse(text: string, { faults, workload }: Schedule): Place {
  const [kind, name = "", last, ...more] = text.split(":");
  if (more.length === 0) {
    if (kind === "fault" && last === undefined)
      return { kind, index: numberIn(text, name, faults.length, "faults") - 1 };
    if (kind === "call")
      return {
        kind,
        operation: oneOf(text, name, Object.keys(operations)),
        nth: last === undefined ? 1 : numberIn(text, last),
      };
    if (kind === "job" && last !== undefined)
      return {
        kind,
        number: numberIn(text, name, workload.jobs.length, "jobs"),
        status: oneOf(text, last, jobStatuses),
      };
  }
  throw new UsageError(`--until ${text}: expected ${placeForms}`);
}

function numberIn(text: string, part: string, most = 1_000_000, what = "calls"): number {
  const number = /^[1-9]\d{0,6}$/.test(part) ? Number(part) : 0;
  if (number >= 1 && number <= most) return number;
  const expected = most === 0 ? `the schedule has no ${what}` : `expected a number from 1 to ${most}`;
  throw new UsageError(`--until ${text}: ${expected}`);
}

function oneOf<T extends string>(text: string, part: string, known: readonly T[]): T {
  const found = known.find((name) => name === part);
  if (found !== undefined) return found;
  throw new UsageError(`--until ${text}: ${part || "nothing"} is none of ${known.join(", ")}`);
}

function watch(place: Place): IsAt {
  switch (place.kind) {
    case "fault":
      return (event) => event.kind === "fault" && event.index === place.index;
    case "call": {
      let calls = 0;
      return (event, isOver) => {
        if (event.kind !== "exchange" || isOver || event.operation !== place.operation) return false;
        calls += 1;
        return calls === place.nth;
      };
    }
    case "job": {
      let id: string | undefined;
      return (event, isOver) => {
        if (event.kind !== "exchange" || !isOver) return false;
        id ??= idGiven(event, place.number);
        return event.job === id && stateRead(event) === place.status;
      };
    }
  }
}

/** The id of a job of the workload, where this is the answer that gave it one. */
function idGiven({ operation, request, status, reply }: ExchangeEvent, number: number): string | undefined {
  if (stepOf(operation) !== "issue" || status === null) return undefined;
  const facts = factsOf(operation, { request, status, reply });
  return numberNamed(facts) === number ? (facts.job ?? facts.conflictsWith) : undefined;
}
