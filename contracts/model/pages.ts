import { isTerminal, type JobStatus } from "../job.ts";
import { stepOf } from "../steps.ts";
import type { Millis } from "../values.ts";
import { type Fields, fieldsIn, isUnanswered, type ModelCall, mayBeSame } from "./call.ts";
import type { JobFacts } from "./job-state.ts";
import type { Jobs } from "./jobs.ts";

/** Which jobs a page of a list must show and which not, by the places that they can have in the whole list. */

/** So many jobs a list without `to` shows at least, where there are so many. */
const usualPage = 20;
/** A page that is asked to be wider may be cut. */
const widestPage = 1000;

/** Positions are numbers, in a query string digits. */
export const position = (value: unknown): number | null =>
  value === undefined || value === null ? null : Number(value);

/** How many jobs the page can hold; null where the service decides. */
export function roomOf(request: Fields): number | null {
  const to = position(request["to"]);
  return to === null ? null : Math.max(0, to - (position(request["from"]) ?? 0) + 1);
}

/** When a job, or an order that may have become one, came to be. */
interface Born {
  from: Millis;
  to: Millis;
}

/** The end that a customer was shown of a job, and when it had been shown to it. */
export type Ends = ReadonlyMap<string, { status: JobStatus; at: Millis }>;

/** From looks and lists. Ends last; whether they do is judged elsewhere. */
export function endsOf(calls: readonly ModelCall[]): Ends {
  const ends = new Map<string, { status: JobStatus; at: Millis }>();
  for (const call of calls) {
    const { status, reply, returned } = call;
    if (status !== 200 || !isLook(call)) continue;
    const { jobs } = fieldsIn(reply);
    for (const job of Array.isArray(jobs) ? jobs : [reply]) {
      const { job_id: id, status: state } = fieldsIn(job) as { job_id?: unknown; status?: JobStatus };
      if (typeof id !== "string" || state === undefined || !isTerminal(state)) continue;
      const known = ends.get(id);
      if (known === undefined || returned < known.at) ends.set(id, { status: state, at: returned });
    }
  }
  return ends;
}

/** Whether it shows jobs, one or several. */
const isLook = ({ operation }: ModelCall): boolean => {
  const step = stepOf(operation);
  return step === "look" || step === "list";
};

/** What is wrong with which jobs a page shows; nothing is known of lists of which it is not known whose they are. */
export function pageProblems(
  call: ModelCall,
  shown: ReadonlySet<string>,
  jobs: Jobs,
  issues: readonly ModelCall[],
  ends: Ends,
): { id: string; problem: string }[] {
  const { account, request } = call;
  if (account === null) return [];
  const own = [...jobs.values()]
    .filter((facts) => facts !== null)
    .filter((facts) => facts.account?.name === account.name);
  const isSure = (facts: JobFacts) =>
    facts.issue.status === 200 && facts.issue.returned < call.sent && isIn(facts, call, ends) === true;
  const sure = new Set(own.filter(isSure));
  const places = placesOf([...sure], rivalsOf(call, own, issues, ends));
  const first = position(request["from"]) ?? 0;
  const room = Math.min(roomOf(request) ?? usualPage, widestPage);
  const oldest = Math.min(...[...shown].map((id) => jobs.get(id)?.createdAt.to ?? ifUnknown(id, jobs)));
  return own.flatMap((facts) => {
    const { least, most } = places(facts.createdAt);
    if (shown.has(facts.id)) {
      const isBefore = most < first;
      const isAfter = roomOf(request) !== null && least >= first + room;
      return isBefore || isAfter
        ? [
            {
              id: facts.id,
              problem: `a list of its customer's jobs shows it, but its place is ${place(least, most)}`,
            },
          ]
        : [];
    }
    const mustBe =
      sure.has(facts) &&
      least >= first &&
      (shown.size < room || most < first + room || facts.createdAt.from > oldest);
    return mustBe ? [{ id: facts.id, problem: "a list of its customer's jobs left it out" }] : [];
  });
}

/** Of a job that is not known nobody can say that another one is newer, unless it is from before. */
const ifUnknown = (id: string, jobs: Jobs): number => (jobs.has(id) ? Number.POSITIVE_INFINITY : 0);

const place = (least: number, most: number): string =>
  least === most ? String(least) : `${least} to ${most}`;

/** Whether the list is about jobs like this one; null where that is not known. */
function isIn({ id }: JobFacts, { request, sent }: ModelCall, ends: Ends): boolean | null {
  const wanted = request["status"];
  if (wanted === undefined || wanted === null) return true;
  const end = ends.get(id);
  return end === undefined || end.at >= sent ? null : end.status === wanted;
}

/** All that may stand in the list: jobs of which it is not sure that they do not, and orders without an answer. */
function rivalsOf(
  call: ModelCall,
  own: readonly JobFacts[],
  issues: readonly ModelCall[],
  ends: Ends,
): Born[] {
  const jobs = own.filter((facts) => facts.issue.sent <= call.returned && isIn(facts, call, ends) !== false);
  const orders = issues.filter(
    (issue) => isUnanswered(issue) && issue.sent <= call.returned && mayBeSame(issue.account, call.account),
  );
  return [
    ...jobs.map(({ createdAt }) => createdAt),
    ...orders.map(({ sent }) => ({ from: sent, to: Number.POSITIVE_INFINITY })),
  ];
}

/** The places that a job can have, from 0: behind all that are surely newer, and behind all that may be. */
function placesOf(
  sure: readonly JobFacts[],
  rivals: readonly Born[],
): (own: Born) => { least: number; most: number } {
  const begins = sure.map(({ createdAt }) => createdAt.from).sort((a, b) => b - a);
  const ends = rivals.map(({ to }) => to).sort((a, b) => b - a);
  return ({ from, to }) => ({
    least: countWhile(begins, (begin) => begin > to),
    // Itself is among them.
    most: countWhile(ends, (end) => end >= from) - 1,
  });
}

/** How many at the beginning of a sorted list are so. */
function countWhile(sorted: readonly number[], isSo: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isSo(sorted[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}
