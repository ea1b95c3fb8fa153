import type { Departure, ModelCall, ModelLimits } from "./call.ts";
import { wrong } from "./call.ts";
import type { Jobs } from "./jobs.ts";

/** Which fields a worker's report of an end has, by how the job ended and what it was. */

export function reportDepartures(
  finishes: readonly ModelCall[],
  jobs: Jobs,
  { rowsOf }: Pick<ModelLimits, "rowsOf">,
): Departure[] {
  return finishes.flatMap((call) => {
    // The service is also asked what it makes of reports that no worker would send.
    if (call.probe !== undefined || call.status !== 200) return [];
    const job = String(call.request["job_id"]);
    const query = jobs.get(job)?.issue.request["query"];
    const problem =
      call.request["status"] === "success"
        ? successProblem(call, typeof query === "string" && rowsOf(query) !== null)
        : failureProblem(call);
    return problem === null ? [] : [{ call, job, problem }];
  });
}

/** @param hasRows whether the query surely gives a result */
function successProblem({ request }: ModelCall, hasRows: boolean): string | null {
  const { num_records: records, result_size: size, result_schema: schema, message } = request;
  if (records === null) return wrong("num_records", "a number", records);
  if (message !== null) return wrong("message", null, message);
  if ((size === null) !== (schema === null))
    return wrong("result_size", "one where there is a result_schema", size);
  return hasRows && schema === null ? wrong("result_schema", "the columns of the result", schema) : null;
}

function failureProblem({ request }: ModelCall): string | null {
  for (const name of ["num_records", "result_size", "result_schema"])
    if (request[name] !== null && request[name] !== undefined) return wrong(name, null, request[name]);
  const { message } = request;
  return message === null || message === "" ? wrong("message", "why the job ended so", message) : null;
}
