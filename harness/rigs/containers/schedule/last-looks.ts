import type { Caller } from "../../../customers/caller.ts";
import { askLists, askOf } from "../../../customers/questions.ts";
import {
  intrude,
  lookAround,
  lookAtCatalog,
  type Order,
  showTable,
  tidyUp,
} from "../../../customers/script.ts";
import type { Schedule } from "../../../schedule/schedule.ts";
import { statementOf } from "../../../schedule/statements.ts";
import { sideBySide } from "../../../side-by-side.ts";
import { type List, listOf, lookWhenOver, type Seen } from "../../last-look.ts";
import { questionsTo } from "../../questions.ts";
import type { Job } from "../../workload.ts";
import type { ContainersRig } from "../system/open-rig.ts";
import { callerFor } from "./callers.ts";
import { customerOf } from "./oracle.ts";

/** A run of which all is over, for its customers to look at. */
export interface Over {
  rig: ContainersRig;
  schedule: Schedule;
  jobs: readonly Job[];
  /** By the numbers of the jobs. */
  callers: ReadonlyMap<number, Caller>;
  idOf: (number: number) => string | null;
  /** The orders of customers that did not wait for the end of their jobs, by the numbers of these. */
  leftUndone: Map<number, Order>;
  stop: AbortSignal;
}

/** Customers that look at once. */
const looksAtOnce = 8;

/** What the customers see when all is over, by the numbers of their jobs; as in the simulated rig. */
export async function lastLooks(over: Over): Promise<Map<number, Seen>> {
  const { jobs, callers, schedule, idOf } = over;
  await tidyUpForOthers(over);
  const seen = new Map<number, Seen>();
  const lists = listsOf(over);
  await sideBySide(jobs, looksAtOnce, async (job) => {
    const id = idOf(job.number);
    if (id === null) return;
    const caller = callers.get(job.number) as Caller;
    seen.set(job.number, await lookWhenOver(caller, id, job, schedule, lists.get(job.number)));
  });
  return seen;
}

/** A customer that has waited for too long, as on a starved machine, has deleted nothing of its own: that is no trace of its job. */
async function tidyUpForOthers({ rig, callers, leftUndone, stop }: Over): Promise<void> {
  const giveUp = AbortSignal.any([stop, AbortSignal.timeout(rig.config.limits.jobMs)]);
  await Promise.all(
    [...leftUndone].map(([number, order]) => tidyUp(callers.get(number) as Caller, order, giveUp)),
  );
}

/**
 * Where nothing is broken on purpose every question is asked, also those that no public client can ask. They are
 * no part of a schedule: no fault can be planned at them.
 */
export async function askAll(over: Over, seen: Map<number, Seen>): Promise<void> {
  if (over.schedule.faults.length > 0) return;
  await sideBySide(over.jobs, looksAtOnce, async (job) => {
    const id = over.idOf(job.number);
    if (id !== null) seen.set(job.number, { ...seen.get(job.number), ...(await lookBesides(over, id, job)) });
  });
  await askResults(over);
  await lookAtCatalogs(over);
  await intrudeAll(over);
}

/** By the numbers of the jobs. One customer's list shows them all, so that it is read once. */
function listsOf({ rig, jobs, callers, idOf }: Over): Map<number, List> {
  const ofCustomers = Map.groupBy(jobs, (job) => `${job.customer} ${customerOf(rig, job).account}`);
  return new Map(
    [...ofCustomers.values()].flatMap((its) => {
      const ids = its.flatMap(({ number }) => idOf(number) ?? []);
      const list = listOf(callers.get((its[0] as Job).number) as Caller, ids);
      return its.map(({ number }) => [number, list] as const);
    }),
  );
}

/** A client of Interlock's own, with the credential of the job's customer. */
const askerFor = ({ rig, stop }: Over, job: Job): Caller =>
  callerFor(rig, { ...job, customer: "script" }, Promise.resolve(), stop);

async function lookBesides(over: Over, id: string, job: Job): Promise<Seen> {
  const asker = askerFor(over, job);
  await lookAround(asker, id);
  if (statementOf(job.scenario.statement).effect !== "makes") return {};
  const shown = await showTable(asker, customerOf(over.rig, job).database, job.target);
  return shown === undefined ? {} : { shown };
}

/** Results in every format and way. */
async function askResults(over: Over): Promise<void> {
  const known = over.jobs.filter(({ number }) => over.idOf(number) !== null);
  await sideBySide(questionsTo(known), looksAtOnce, async ({ job, questions }) => {
    await askOf(askerFor(over, job), over.idOf(job.number) as string, questions);
  });
}

/** Once for each customer. */
async function lookAtCatalogs(over: Over): Promise<void> {
  await sideBySide([...firstsOf(over).values()], looksAtOnce, async (job) => {
    const asker = askerFor(over, job);
    await lookAtCatalog(asker, customerOf(over.rig, job).database);
    await askLists(asker);
  });
}

/** The first job of each customer is tried by all others. */
async function intrudeAll(over: Over): Promise<void> {
  const firsts = firstsOf(over);
  for (const [account, job] of firsts) {
    const id = over.idOf(job.number);
    if (id === null) continue;
    for (const [other, { engine }] of firsts)
      if (other !== account) await intrude(askerFor(over, { ...job, engine }), id);
  }
}

/** The first job of each customer, by account. */
const firstsOf = ({ rig, jobs }: Over): Map<number, Job> =>
  new Map(jobs.toReversed().map((job) => [customerOf(rig, job).account, job]));
