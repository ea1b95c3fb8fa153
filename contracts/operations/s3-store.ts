import { z } from "zod";
import { awsHost } from "../destinations/s3.ts";
import { issued } from "./jobs.ts";

/** Of a store that speaks as S3 does: `https://host:port`. */
export const endpointForm = z.string().max(255);

/** Where a store is; AWS where none is named, undefined for what is no store. */
export function storeOf(
  endpoint = `https://${awsHost}`,
): { tls: boolean; host: string; port: number } | undefined {
  const found = /^(https?):\/\/([a-z0-9][a-z0-9.-]*|\[[0-9a-f:.]+\])(?::(\d{1,5}))?\/?$/i.exec(endpoint);
  if (found === null || !URL.canParse(endpoint)) return undefined;
  const { hostname } = new URL(endpoint);
  const tls = found[1]?.toLowerCase() === "https";
  const port = Number(found[3] ?? (tls ? 443 : 80));
  return port === 0 ? undefined : { tls, host: hostname, port };
}

/** What such a job is to do, and the URL of its bucket. */
interface Order {
  query: string;
  result: string;
}

/** @param read undefined of a request that means nothing */
export const ordersBy = (read: (request: unknown) => Order | undefined) => ({
  step: "issue" as const,
  facts: (call: Parameters<typeof issued>[0]) => {
    const order = read(call.request);
    return {
      query: order?.query,
      output: order === undefined ? {} : { result: order.result },
      ...issued(call),
    };
  },
});
