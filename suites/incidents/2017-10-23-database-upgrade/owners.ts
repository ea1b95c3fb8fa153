import { setTimeout as wait } from "node:timers/promises";
import { type Client, call, lookMs, untilAnswered } from "./customers.ts";

/** The owner of a scheduled query that is due each minute: looks at what has become of it. */
export async function owner(client: Client): Promise<void> {
  const { customer, record, stop } = client;
  const name = `each_minute_${customer.name}`;
  const query = "SELECT /* due */ n FROM numbers";
  const wanted = { type: customer.type, database: "shop", query, cron: "* * * * *" };
  await untilAnswered(client, `/v3/schedule/create/${name}`, wanted);
  for (; !stop.aborted; await wait(lookMs)) {
    const answer = await call(client, `/v3/schedule/history/${name}?from=0&to=500`);
    for (const run of (answer?.body["history"] ?? []) as { job_id: unknown; scheduled_at: string }[]) {
      const id = String(run.job_id);
      record.issued(id, { account: customer.id, query, domainKey: null });
      record.due.set(id, run.scheduled_at);
    }
  }
}
