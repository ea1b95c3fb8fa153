import { isDeepStrictEqual } from "node:util";
import type { JobType } from "../job.ts";
import type { Departure, ModelCall, ModelLimits } from "./call.ts";
import { show, wrong } from "./call.ts";
import type { Jobs } from "./jobs.ts";
import { urlIn } from "./order.ts";

/** What a worker may report: which fields an end has, by how the job ended and what it was, and what it says again. */

export function reportDepartures(
  finishes: readonly ModelCall[],
  kills: readonly ModelCall[],
  jobs: Jobs,
  { rowsOf }: Pick<ModelLimits, "rowsOf">,
): Departure[] {
  return finishes.flatMap((call) => {
    // The service is also asked what it makes of reports that no worker would send.
    if (call.probe !== undefined || call.status !== 200) return [];
    const job = String(call.request["job_id"]);
    const facts = jobs.get(job);
    const query = facts?.issue.request["query"];
    const url = facts == null ? undefined : urlIn(facts.issue.request);
    const problem =
      call.request["status"] === "success"
        ? (successProblem(call, typeof query === "string" && rowsOf(query) !== null) ??
          (url === null ? undeliveredProblem(call) : null) ??
          (facts != null && delivering.has(facts.shownType) ? ownResultProblem(call) : null))
        : (failureProblem(call) ?? killProblem(call, kills));
    return problem === null ? [] : [{ call, job, problem }];
  });
}

/** @param hasRows whether the query surely gives a result */
function successProblem({ request }: ModelCall, hasRows: boolean): string | null {
  const { num_records: records, result_size: size, result_schema: schema, message } = request;
  if (records === null) return wrong("num_records", "a number", records);
  if (message !== null) return wrong("message", null, message);
  if (schema === null && request["output_error"] != null) return undeliveredProblem({ request });
  if ((size === null) !== (schema === null))
    return wrong("result_size", "one where there is a result_schema", size);
  return hasRows && schema === null ? wrong("result_schema", "the columns of the result", schema) : null;
}

/** Only a query that has found rows, and has a destination for them, can say that they were refused there. */
const undeliveredProblem = ({ request: { output_error: problem } }: Pick<ModelCall, "request">) =>
  problem == null ? null : wrong("output_error", undefined, problem);

/** What they deliver is the result of another job, or what a table has; or they load. */
const delivering: ReadonlySet<JobType> = new Set(["result_export", "export", "bulkload"]);

const ownResultProblem = ({ request: { result_schema: schema } }: ModelCall): string | null =>
  schema === null ? null : wrong("result_schema", null, schema);

function failureProblem({ request }: ModelCall): string | null {
  for (const name of ["num_records", "result_size", "result_schema"])
    if (request[name] !== null && request[name] !== undefined) return wrong(name, null, request[name]);
  const { message } = request;
  return (
    undeliveredProblem({ request }) ??
    (message === null || message === "" ? wrong("message", "why the job ended so", message) : null)
  );
}

/** Whoever cannot go on reports an error: `killed` is for a job that somebody wanted killed, whether that was answered or not. */
function killProblem({ request, returned }: ModelCall, kills: readonly ModelCall[]): string | null {
  if (request["status"] !== "killed") return null;
  const isWanted = kills.some(
    (kill) => String(kill.request["job_id"]) === String(request["job_id"]) && kill.sent <= returned,
  );
  return isWanted ? null : "it was reported as killed, and nobody had asked for that";
}

/**
 * What an attempt has said it says again, or nothing more: reports and receipts that differ from one that was taken.
 * @param reports calls of one operation
 */
export function repeatDepartures(reports: readonly ModelCall[]): Departure[] {
  const taken = new Map<string, ModelCall>();
  return reports
    .filter(({ probe }) => probe === undefined)
    .toSorted((a, b) => a.sent - b.sent)
    .flatMap((call) => {
      const { request, sent, status } = call;
      const job = String(request["job_id"]);
      const whose = `${job} ${String(request["attempt"])}`;
      const before = taken.get(whose);
      if (before === undefined) {
        if (status === 200) taken.set(whose, call);
        return [];
      }
      const isOther = sent >= before.returned && !isDeepStrictEqual(request, before.request);
      return isOther ? [{ call, job, problem: otherWords(before.request, request) }] : [];
    });
}

function otherWords(before: ModelCall["request"], request: ModelCall["request"]): string {
  const names = [...new Set([...Object.keys(before), ...Object.keys(request)])];
  const differing = names.filter((name) => !isDeepStrictEqual(before[name], request[name]));
  const said = differing.map((name) => `${name} ${show(before[name])}, and now ${show(request[name])}`);
  return `its attempt had been heard to say otherwise: ${said.join("; ")}`;
}
