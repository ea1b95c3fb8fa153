import { isDeepStrictEqual } from "node:util";
import { enginesOf } from "../job.ts";
import { field } from "../step.ts";
import { type Departure, type Fields, type ModelCall, show, wrong } from "./call.ts";
import type { JobFacts } from "./job-state.ts";
import type { Jobs } from "./jobs.ts";

/** What workers say of themselves, and which number the service has for a customer. */

export function claimDepartures(claims: readonly ModelCall[], jobs: Jobs): Departure[] {
  const selves = new Map<string, Fields>();
  const accounts = new Map<string, unknown>();
  return claims.flatMap((call) => {
    const job = field(call.reply, "job");
    const id = field(job, "job_id");
    const facts = jobs.get(String(id));
    const problem =
      selfProblem(call, selves) ??
      (facts == null ? null : accountProblem(facts, field(job, "account"), accounts));
    return problem === null ? [] : [{ call, job: typeof id === "string" ? id : null, problem }];
  });
}

/** A worker asks for what its generation runs, and is the same in all its claims. */
function selfProblem({ request, by, generation }: ModelCall, selves: Map<string, Fields>): string | null {
  const { engines, worker } = request;
  if (request["generation"] !== generation) return wrong("generation", generation, request["generation"]);
  if (generation !== null && Array.isArray(engines)) {
    const others = engines.filter((engine) => !enginesOf[generation].includes(engine));
    if (others.length > 0) return wrong("engines", enginesOf[generation], engines);
  }
  const known = selves.get(by);
  if (known === undefined) selves.set(by, { engines, worker });
  else if (!isDeepStrictEqual(known["engines"], engines)) return wrong("engines", known["engines"], engines);
  else if (known["worker"] !== worker) return wrong("worker", known["worker"], worker);
  return null;
}

/** Two customers have two numbers, and each has always the same. */
function accountProblem(
  { account }: JobFacts,
  number: unknown,
  accounts: Map<string, unknown>,
): string | null {
  if (account === null) return null;
  const known = accounts.get(account.name);
  if (known !== undefined) return known === number ? null : wrong("account", known, number);
  for (const [name, other] of accounts)
    if (other === number) return `account: ${show(number)} is the number of ${name}`;
  accounts.set(account.name, number);
  return null;
}
