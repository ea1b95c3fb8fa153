import type { Cluster } from "../../job.ts";
import { longestNoticeWaitMs, type Notice } from "../../scheduled/notice.ts";
import type { Millis } from "../../values.ts";
import { fieldsIn, isUnanswered, type ModelCall, show } from "../call.ts";
import { type Change, changesOf } from "./changes.ts";
import { type AboutJobs, aboutJobs, type End, endsOf, jobsOfOthers } from "./ends.ts";
import { livesIn } from "./lives.ts";
import { formProblem, type ModelNotice, type Told } from "./notice-form.ts";
import { isOfScheduled, scheduledKey, timeIn } from "./settings.ts";
import { isTaken, type TryLimits, tryMs, tryProblems } from "./tries.ts";

/**
 * What owners of scheduled queries are told, against how their jobs have ended. Where the calls do not tell in which order
 * that was, only what is sure is judged.
 */

export interface NoticeLimits extends TryLimits {
  /** So long after a change its notice is there, where nothing is broken. */
  withinMs: Millis;
  accounts: Readonly<Partial<Record<Cluster, number>>>;
  /** When everything was over. */
  endsAt: Millis;
  /** Whether every process of the API tells of changes: one of an older release may not. */
  allTell: boolean;
  /** Of the URL to which they are sent; absent where that is not known. */
  path?: string | undefined;
}

export interface NoticeDeparture {
  /** Of the scheduled query that it is about, as far as that is known. */
  name: string;
  /** Absent where one is missing. */
  notice?: ModelNotice;
  problem: string;
  /** Whether it may be for want of time on the machine. */
  isOfTime: boolean;
}

export interface NoticeJudgement {
  departures: NoticeDeparture[];
  /** Until when notices that have not come are waited for; negative infinity where none is. */
  awaitedUntil: Millis;
  /** Scheduled queries of which a change is known, or a notice came, by name. */
  tested: ReadonlySet<string>;
}

export function judgeNotices(
  calls: readonly ModelCall[],
  came: readonly ModelNotice[],
  limits: NoticeLimits,
): NoticeJudgement {
  const departures: NoticeDeparture[] = [];
  let awaitedUntil = Number.NEGATIVE_INFINITY;
  const tested = new Set<string>();
  const told = new Map<string, Told[]>();
  for (const notice of came) {
    const name = String(fieldsIn(notice.body)["scheduled_query"]);
    tested.add(name);
    const problem = formProblem(notice, limits.path);
    if (problem !== null) departures.push({ name, notice, problem, isOfTime: false });
    const key = keyOf(notice, limits);
    const known = told.get(key);
    const one = { notice, body: notice.body as Notice };
    if (problem !== null) continue;
    if (known === undefined) told.set(key, [one]);
    else known.push(one);
  }
  const own = calls.filter(isOfScheduled);
  const creates = own.filter(
    (call) => call.operation === "scheduled_query.create" && (call.status === 200 || isUnanswered(call)),
  );
  const keys = new Set(creates.map(scheduledKey).filter((key) => key !== null));
  if (keys.size === 0 && told.size === 0) return { departures, awaitedUntil, tested };
  const spoken: Spoken = {
    byKey: Map.groupBy(calls, scheduledKey),
    about: aboutJobs(calls),
    isOfAnother: jobsOfOthers(calls),
  };
  for (const key of new Set([...keys, ...told.keys()])) {
    const its = told.get(key) ?? [];
    const depart = ({ problem, notice, isOfTime = false }: Found) =>
      departures.push({ name: nameIn(key), problem, isOfTime, ...(notice === undefined ? {} : { notice }) });
    if (!keys.has(key)) {
      const problem = "its account has no scheduled query of that name";
      for (const { notice } of its) depart({ notice, problem });
      continue;
    }
    const { found, missing, isTested } = judged(key, spoken, its, limits);
    if (isTested) tested.add(nameIn(key));
    found.forEach(depart);
    for (const { dueAt, problem } of missing) {
      awaitedUntil = Math.max(awaitedUntil, dueAt);
      if (limits.endsAt > dueAt) depart({ problem, isOfTime: true });
    }
  }
  return { departures, awaitedUntil, tested };
}

/** What the calls say, read once for all scheduled queries. */
interface Spoken {
  /** Those that name each. */
  byKey: ReadonlyMap<string | null, readonly ModelCall[]>;
  about: AboutJobs;
  isOfAnother: (key: string, job: string) => boolean;
}

interface Found {
  problem: string;
  notice?: ModelNotice;
  isOfTime?: boolean;
}
interface Missing {
  problem: string;
  dueAt: Millis;
}

const nameIn = (key: string): string => key.slice(key.indexOf("/") + 1);

function keyOf({ body }: ModelNotice, { accounts }: NoticeLimits): string {
  const { account, scheduled_query } = fieldsIn(body);
  const owner = Object.entries(accounts).find(([, number]) => number === account)?.[0];
  return `${owner ?? `account ${show(account)}`}/${String(scheduled_query)}`;
}

function judged(
  key: string,
  { byKey, about, isOfAnother }: Spoken,
  told: readonly Told[],
  limits: NoticeLimits,
): { found: Found[]; missing: Missing[]; isTested: boolean } {
  const lives = livesIn(byKey.get(key) ?? []).map((own) => lifeOf(own, about, limits));
  const changes = lives.flatMap((life) => life.changes);
  const isWhole = lives.every((life) => life.isWhole);
  const isSure = (job: string) => lives.some(({ sure }) => sure.has(job));
  const isIts = (job: string) => lives.some(({ jobs }) => jobs.has(job));
  const ended = lives.flatMap((life) => life.ended);
  const first = [...Map.groupBy(told, ({ body }) => body.id).values()].map((same) => same[0] as Told);
  const ofJob = (id: string) => ended.find(({ job }) => job === id);
  const found = [
    ...tryProblems(told, limits),
    ...first.flatMap(({ notice, body }): Found[] => {
      const problem = isOfAnother(key, body.job_id)
        ? `job ${body.job_id} is none of its jobs`
        : contentProblem(notice, body, ofJob(body.job_id), limits);
      if (problem !== null) return [{ notice, problem }];
      const isOf = changes.some(({ by }) => by.some(({ job }) => job === body.job_id));
      if (isOf || !(isSure(body.job_id) || (isWhole && !isIts(body.job_id)))) return [];
      return [
        { notice, problem: `it tells ${body.change} of job ${body.job_id}, by which nothing has changed` },
      ];
    }),
    ...twiceProblems(first),
    ...changes.flatMap((change) => besideProblems(change, first)),
    ...lives.flatMap((life) => orderProblems(life.changes, first)),
  ];
  const missing = changes.flatMap((change) => missingProblem(change, told, limits));
  return { found, missing, isTested: changes.length > 0 };
}

/** What of the ends of the jobs of one scheduled query is a change. */
function lifeOf(own: readonly ModelCall[], about: AboutJobs, { allTell }: Pick<NoticeLimits, "allTell">) {
  const retries = own.some(({ request }) => Number(request["retry_limit"] ?? 0) !== 0);
  const { jobs, ended, unclearFrom } = endsOf(own, about, retries);
  return { jobs, ended, ...changesOf(own, ended, unclearFrom, allTell) };
}

/** @param end of its job, where that is known */
function contentProblem(
  { at }: ModelNotice,
  { change, job_id: job, changed_at }: Notice,
  end: End | undefined,
  { clockErrorMs }: NoticeLimits,
): string | null {
  const changedAt = timeIn(changed_at);
  const latest = Math.min(end?.to ?? at, at) + clockErrorMs;
  if (end !== undefined) {
    const expected = change === "failing" ? "error" : "success";
    if (end.status !== expected) return `it tells ${change} of job ${job}, which has ended as ${end.status}`;
    if (at < end.from) return `it tells of the end of job ${job} before that has ended`;
    // It is told to the second.
    if (changedAt < Math.floor((end.from - clockErrorMs) / 1000) * 1000)
      return `changed_at: ${changed_at} is before the end of job ${job}`;
  }
  return changedAt > latest ? `changed_at: ${changed_at} is after the end of job ${job}` : null;
}

/** A job ends once. */
const twiceProblems = (first: readonly Told[]): Found[] =>
  [...Map.groupBy(first, ({ body }) => body.job_id)].flatMap(([job, same]) =>
    same.slice(1).map(({ notice, body }) => ({
      notice,
      problem: `the end of job ${job} is told twice, as notice ${same[0]?.body.id} and ${body.id}`,
    })),
  );

/** Of jobs that ended beside each other one has made the change, and one is told. */
const besideProblems = ({ by, change }: Change, first: readonly Told[]): Found[] =>
  first
    .filter(({ body }) => by.some(({ job }) => job === body.job_id))
    .filter(({ body }, _, all) => body.job_id !== all[0]?.body.job_id)
    .map(({ notice, body }) => ({
      notice,
      problem: `it tells ${change} a second time, of job ${body.job_id}`,
    }));

/** Those of later changes have greater ids. */
function orderProblems(changes: readonly Change[], first: readonly Told[]): Found[] {
  const told = changes.flatMap(
    ({ by }) => first.find(({ body }) => by.some(({ job }) => job === body.job_id)) ?? [],
  );
  return told.flatMap(({ notice, body }, i): Found[] => {
    const before = told[i - 1]?.body.id;
    return before === undefined || BigInt(before) < BigInt(body.id)
      ? []
      : [{ notice, problem: `its id ${body.id} is not greater than that of the change before, ${before}` }];
  });
}

function missingProblem({ change, by }: Change, told: readonly Told[], limits: NoticeLimits): Missing[] {
  const its = told.filter(({ body }) => by.some(({ job }) => job === body.job_id));
  // One whose answer nobody heard has come: its sender may be gone for ever.
  if (its.some(({ notice }) => notice.status === null || isTaken(notice))) return [];
  const [untaken] = its;
  const problem =
    untaken === undefined
      ? `nobody was told that it is ${change} since job ${by.map(({ job }) => job).join(" or ")}`
      : `notice ${untaken.body.id} was not taken, and does not come again`;
  return [{ problem, dueAt: dueAt(by, limits) }];
}

/** When a notice is there at the latest: tries that were in vain make the wait for the next one longer. */
function dueAt(by: readonly End[], { withinMs, troubled, clockErrorMs }: NoticeLimits): Millis {
  const changedAt = Math.max(...by.map(({ to }) => to));
  if (troubled === null || troubled.to < changedAt - clockErrorMs) return changedAt + withinMs;
  // Waits double: the last one is hardly longer than all before it together.
  const inVainMs = troubled.to - Math.min(...by.map(({ from }) => from));
  const waitMs = Math.min(longestNoticeWaitMs, 2 * (inVainMs + tryMs));
  return Math.max(changedAt, troubled.to) + withinMs + waitMs + clockErrorMs;
}
