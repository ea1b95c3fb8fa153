import type { Caller } from "./caller.ts";
import { issue } from "./issue.ts";
import { toItsEnd } from "./to-its-end.ts";

/** A customer that has a query run and then its result delivered, each by a job and under a key of its own. */

/** What is queried, and where its result goes. */
interface Export {
  query: string;
  result?: string;
  domain_key?: string;
}

/**
 * @param isAgain whether the query delivers its result there, too
 * @returns the id of the job that exports; null as with `issue`, and where the query did not succeed however often
 */
export async function orderExport(
  caller: Caller,
  { result, domain_key, ...query }: Export,
  isAgain: boolean,
  giveUp: AbortSignal,
): Promise<string | null> {
  const keyed = (key: string | undefined) => (key === undefined ? {} : { domain_key: key });
  for (let tried = 1; tried <= mostQueries; tried++) {
    const order = {
      ...query,
      ...(isAgain ? { result } : {}),
      ...keyed(domain_key && `${domain_key}-query-${tried}`),
    };
    const queried = await toItsEnd(caller, order, giveUp);
    if (queried === null) return null;
    if (queried.status !== "success") continue;
    const target_id = queried.id;
    const id = await issue(caller, "job.result_export", { target_id, result, ...keyed(domain_key) }, giveUp);
    // It is linked to its export from then on.
    await caller.call("job.show", { job_id: target_id });
    return id;
  }
  return null;
}

/** A query that was killed or has failed is asked again. */
const mostQueries = 10;
