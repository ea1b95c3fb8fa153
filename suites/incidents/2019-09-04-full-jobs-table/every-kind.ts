import type { JobsTable } from "../reference/jobs-table.ts";
import type { Service } from "../reference/service.ts";
import { makeRoom, Watched } from "./evening.ts";
import { claimed, type Order, prepared } from "./orders.ts";

/** What a customer orders while the table is full. */

/** What was wrong about it; none is right. */
export async function everyKind(table: JobsTable, service: Service): Promise<string[]> {
  const watched = new Watched(service);
  const orders = await prepared(service);
  const before = await newest(service);
  await table.fill();
  const send = ({ operation, input }: Order) => service.ask("customer", operation, input);
  for (const order of [...orders, ...orders]) watched.refused(order.operation, await send(order));
  watched.say((await newest(service)) === before, "a job was refused and is there");

  await makeRoom(table);
  const jobs: string[] = [];
  for (const order of orders) {
    jobs.push(await order.jobOf(watched.taken(order.operation, await send(order))));
    const again = await send(order);
    watched.say(again.status === order.again, `${order.operation} is sent again`, again);
  }
  for (const job of jobs) {
    const report = await claimed(service);
    watched.say(report?.job_id === job, `job ${report?.job_id} is handed out in the place of ${job}`);
    if (report !== null) watched.taken("an end", await service.finish(report, failed));
  }
  watched.say((await claimed(service)) === null, "an order has two jobs");
  return watched.wrong;
}

const failed = { status: "error", num_records: null, result_size: null, result_schema: null, message: "why" };

async function newest(service: Service): Promise<unknown> {
  const [first] = (await service.list(0)).body["jobs"] as { job_id: string }[];
  return first?.job_id;
}
