import { z } from "zod";
import type { Row } from "../../contracts/values.ts";

/** What a web destination says it received; `body` is to the letter what came. */
const delivery = z.object({
  method: z.string(),
  path: z.string(),
  idempotencyKey: z.string().nullish(),
  body: z.string(),
});
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

export async function webDeliveries(base: string, path: string): Promise<WebDeliveries> {
  const received = await receivedAt(base, path);
  return { count: received.length, rows: received.flatMap(rowsOf) };
}

/** The rows that came by this method to this path, each delivery key once: a receiver knows repetitions by it. */
export async function takenRows(
  base: string,
  { method, path }: { method: string; path: string },
): Promise<Row[]> {
  const received = (await receivedAt(base, path)).filter((one) => one.method === method);
  const isFirst = ({ idempotencyKey: key }: ReceivedDelivery, i: number) =>
    key == null || received.findIndex((other) => other.idempotencyKey === key) === i;
  return received.filter(isFirst).flatMap(rowsOf);
}

type ReceivedDelivery = z.infer<typeof delivery>;

const rowsOf = ({ body }: ReceivedDelivery): Row[] => payload.parse(JSON.parse(body)).data;

/** Asks the destination itself, by the control path that only the harness uses. */
async function receivedAt(base: string, path: string): Promise<ReceivedDelivery[]> {
  const reply = await fetch(`${base}/_deliveries?path=${encodeURIComponent(path)}`, {
    signal: AbortSignal.timeout(15_000),
  });
  if (!reply.ok) throw new Error(`the web destination answered ${reply.status} to /_deliveries`);
  return deliveries.parse(await reply.json()).deliveries;
}
