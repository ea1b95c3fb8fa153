import { z } from "zod";
import type { Row } from "../../contracts/values.ts";

/** What a web destination says it received; `body` is to the letter what came. */
const delivery = z.object({ method: z.string(), path: z.string(), body: z.string() });
const deliveries = z.object({ deliveries: z.array(delivery) });
const payload = z.object({
  column_names: z.array(z.string()),
  column_types: z.array(z.string()),
  data: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))),
});

export interface WebDeliveries {
  count: number;
  /** The rows of all deliveries together. */
  rows: Row[];
}

/** Asks the destination itself, by the control path that only the harness uses. */
export async function webDeliveries(base: string, path: string): Promise<WebDeliveries> {
  const reply = await fetch(`${base}/_deliveries?path=${encodeURIComponent(path)}`, {
    signal: AbortSignal.timeout(15_000),
  });
  if (!reply.ok) throw new Error(`the web destination answered ${reply.status} to /_deliveries`);
  const received = deliveries.parse(await reply.json()).deliveries;
  return {
    count: received.length,
    rows: received.flatMap(({ body }) => payload.parse(JSON.parse(body)).data),
  };
}
