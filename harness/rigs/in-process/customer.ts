import { LinkBroken } from "../../../contracts/in-process.ts";
import { askForEnd, type Caller, followJob, look } from "../../customers/script.ts";
import type { WorkloadJob } from "../../schedule/schedule.ts";
import { clusterOf, orderOf } from "../workload.ts";
import { customers, database, destinationHost } from "./accounts.ts";
import type { World } from "./world.ts";

/** The customer's script in a simulated world: its calls go over the world's link, its waits pass on the world's clock. */
export function customerLife(world: World, number: number, job: WorkloadJob): Promise<void> {
  const order = orderOf(job, number, { database, host: destinationHost });
  return followJob(callerOf(world, number, job), order, (id) => void world.numbers.set(id, number));
}

/** One more look when everything is over: an end that did not last is a finding. */
export async function lastLook(world: World, number: number, job: WorkloadJob): Promise<void> {
  const id = idOf(world, number);
  if (id !== undefined) await look(callerOf(world, number, job), id);
}

export async function kill(world: World, number: number, job: WorkloadJob): Promise<void> {
  const id = idOf(world, number);
  if (id !== undefined) await askForEnd(callerOf(world, number, job), id);
}

const idOf = (world: World, number: number): string | undefined =>
  [...world.numbers].find(([, known]) => known === number)?.[0];

function callerOf(world: World, number: number, job: WorkloadJob): Caller {
  const { apikey } = customers[clusterOf(job)];
  const clock = world.customer.clock(world.clock);
  return {
    call: async (operation, input) => {
      try {
        return await world.callAsCustomer(operation, input, number, apikey);
      } catch (error) {
        if (error instanceof LinkBroken) return null;
        throw error;
      }
    },
    sleep: (ms) => clock.sleep(ms),
  };
}
