import { field, textField } from "../../contracts/step.ts";
import type { Caller } from "./caller.ts";
import { issue } from "./issue.ts";
import { ended } from "./to-its-end.ts";
import { isAnswer, isTaken, until } from "./until.ts";

/** A customer that keeps its query at the service, under a name, and has it run from there. */

/** What is kept. */
export interface Kept {
  name: string;
  /** Its jobs come by themselves, one a minute. */
  isDue: boolean;
  domain_key: string | undefined;
  /** What else `scheduled_query.create` takes. */
  settings: Readonly<Record<string, unknown>>;
}

/** For which a run is asked, as digdag does for a session of the past: 2017-10-23 00:00 UTC. */
const runTime = 1_508_716_800;
const everyMinute = "* * * * *";

/** @returns the id of its job, the first one where they come by themselves; null as with `issue` */
export async function orderScheduled(
  caller: Caller,
  { name, isDue, domain_key, settings }: Kept,
  giveUp: AbortSignal,
): Promise<string | null> {
  const create = () =>
    caller.call("scheduled_query.create", { name, ...settings, cron: isDue ? everyMinute : "" });
  if (!isTaken(await until(caller, giveUp, create, isAnswer))) return null;
  if (!isDue) {
    const keyed = domain_key === undefined ? {} : { domain_key };
    return await issue(caller, "scheduled_query.run", { name, time: runTime, ...keyed }, giveUp);
  }
  const history = () => caller.call("scheduled_query.history", { name, ...all });
  const seen = await until(caller, giveUp, history, ({ body }) => jobsIn(body).length >= awaited);
  return textField(jobsIn(seen?.body).at(-1), "job_id") ?? null;
}

/** More than there are, so that none is left out unnoticed. */
const all = { from: 0, to: 99 };

/** One behind another: what is left out between them shows. */
const awaited = 2;

/** Newest first. */
function jobsIn(told: unknown): readonly unknown[] {
  const history = field(told, "history");
  return Array.isArray(history) ? history : [];
}

/** What it has run besides, once its job has succeeded. */
export interface Turns {
  /** Fails at every try. */
  fails: string;
  /** Succeeds again. */
  succeeds: string;
}

/** How often the failing one is tried again. */
const retryLimit = 1;

/**
 * Has it killed, fail, and succeed again, each by a run that is asked for under a key of its own; of one whose jobs come by
 * themselves, after these, it is killed between two that fail. Nothing of that is delivered.
 */
export async function turnScheduled(
  caller: Caller,
  { name, isDue, domain_key }: Pick<Kept, "name" | "isDue" | "domain_key">,
  { fails, succeeds }: Turns,
  giveUp: AbortSignal,
): Promise<void> {
  const update = (settings: Readonly<Record<string, unknown>>) =>
    until(caller, giveUp, () => caller.call("scheduled_query.update", { name, ...settings }), isAnswer);
  const run = async (what: string, kills = false) => {
    const keyed = domain_key === undefined ? {} : { domain_key: `${domain_key}-${what}` };
    const id = await issue(caller, "scheduled_query.run", { name, time: runTime, ...keyed }, giveUp);
    if (id === null) return;
    if (kills) await until(caller, giveUp, () => caller.call("job.kill", { job_id: id }), isAnswer);
    await ended(caller, id, giveUp);
  };
  const first = { result: "", cron: "", retry_limit: retryLimit };
  if (!isDue) {
    await update({ query: succeeds, ...first });
    // Of a kill that comes too late nothing changes either.
    await run("killed", true);
  }
  await update({ query: fails, ...first });
  await run("fails");
  if (isDue) {
    // It says nothing of the failure before, either.
    await run("killed", true);
    await run("fails-again");
  }
  await update({ query: succeeds });
  await run("succeeds");
}

/** Looks at all that was done, has it done no more, and deletes it: its jobs stay. */
export async function endScheduled(caller: Caller, name: string, giveUp: AbortSignal): Promise<void> {
  const calls = [
    ["history", { name, ...all }],
    ["update", { name, cron: "" }],
    ["list", {}],
    ["delete", { name }],
  ] as const;
  for (const [what, input] of calls)
    await until(caller, giveUp, () => caller.call(`scheduled_query.${what}`, input), isAnswer);
}
