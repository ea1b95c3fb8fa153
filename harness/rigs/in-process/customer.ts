import { LinkBroken } from "../../../contracts/in-process.ts";
import { clusterOf } from "../../../contracts/job.ts";
import type { Caller } from "../../customers/caller.ts";
import { askLists, askOf } from "../../customers/questions.ts";
import { askForEnd, followJob } from "../../customers/script.ts";
import { lookWhenOver } from "../last-look.ts";
import { questionsTo } from "../questions.ts";
import { type Job, orderOf } from "../workload.ts";
import { customerOf, database } from "./accounts.ts";
import { simulatedUrl } from "./places.ts";
import type { World } from "./world.ts";

/** The customer's script in a simulated world: its calls go over the world's link, its waits pass on the world's clock. */
export async function customerLife(world: World, job: Job, moves: boolean): Promise<void> {
  const owner = { apikey: customerOf(job).apikey, database, moves };
  await followJob(callerOf(world, job), orderOf(job, owner, simulatedUrl), {
    onAccepted: (id) => world.numbers.accepted(id, job.number),
    kills: job.scenario.ending === "killed",
    giveUp: neverAborted,
  });
}

/**
 * What the customer sees when everything is over: an end that did not last is a finding, and so is a result that
 * cannot be read. The list is asked for where nothing went wrong: how a job ends then is promised.
 */
export async function lastLook(world: World, job: Job): Promise<void> {
  const id = world.idOf(job.number);
  if (id === null) return;
  world.seen.set(job.number, await lookWhenOver(callerOf(world, job), id, job, world.schedule));
}

/** Every question that a customer can ask of what it has, as in containers. */
export async function askAll(world: World, jobs: readonly Job[]): Promise<void> {
  const known = jobs.filter(({ number }) => world.idOf(number) !== null);
  await Promise.all(
    questionsTo(known).map(({ job, questions }) =>
      askOf(callerOf(world, job), world.idOf(job.number) as string, questions),
    ),
  );
  const firsts = new Map(known.toReversed().map((job) => [clusterOf(job.engine), job]));
  for (const job of firsts.values()) await askLists(callerOf(world, job));
}

export async function kill(world: World, job: Job): Promise<void> {
  const id = world.idOf(job.number);
  if (id !== null) await askForEnd(callerOf(world, job), id);
}

const neverAborted = new AbortController().signal;

function callerOf(world: World, job: Job): Caller {
  const authorization = `TD1 ${customerOf(job).apikey}`;
  const clock = world.customer.clock(world.clock);
  return {
    call: async (operation, input, headers) => {
      try {
        return await world.callAsCustomer({ operation, input, authorization, headers }, job);
      } catch (error) {
        if (error instanceof LinkBroken) return null;
        throw error;
      }
    },
    sleep: (ms) => clock.sleep(ms),
  };
}
