import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { SeedObject, StateSeed } from "../../../contracts/in-process.ts";
import type { Column } from "../../../contracts/values.ts";
import { worded } from "../../../contracts/worded-jobs.ts";
import { memorySources } from "../../../fixtures/in-process/memory-sources.ts";
import type { Source, Sources } from "../../../fixtures/workers/kit/ports.ts";
import type { Ordered } from "./acknowledged.ts";
import {
  type Client,
  call,
  issueByKey,
  killUntilTaken,
  lookMs,
  type Order,
  orderByKey,
  untilAnswered,
} from "./customers.ts";
import type { Customer } from "./service.ts";

/** Customers of loads, exports, deletions and deliveries: each order has a range, a prefix or a place of its own. */

/** What is loaded from the bucket under each prefix: so many objects that a list has a second page. */
const lines = [
  [1, 2],
  [3, 4],
  [5, 6],
];
const key = { access_key_id: "id", secret_access_key: "secret" };

function objectsUnder(settings: Source["settings"]): SeedObject[] {
  const { prefix } = settings;
  return lines.map((own, i) => {
    const text = own.map((line) => JSON.stringify({ time: 1, load: prefix, line })).join("\n");
    const reader = { user: key.access_key_id, password: key.secret_access_key };
    return { settings: { ...settings, ...reader }, name: `${prefix}${i}.jsonl.gz`, body: gzipSync(text) };
  });
}

export const sources: Sources = {
  list: (source, ...rest) => memorySources(objectsUnder(source.settings)).list(source, ...rest),
  get: (source, ...rest) => memorySources(objectsUnder(source.settings)).get(source, ...rest),
};

const hour = 3600;
/** Each second hour is deleted by an order of its own, so that there is one on both sides of it that stays. */
const mostOrders = 500;
const visits = Array.from({ length: 2 * mostOrders + 2 }, (_, i) => [[i * hour], [i * hour + hour - 1]]);
const kept = [
  [1, 10],
  [2, 20],
  [3, 30],
];
/** What a query of `numbers` gives. */
export const numbers = [[1], [2]];

const time: Column = ["time", "bigint"];
const connected: Column[] = [time, ["load", "string"], ["line", "bigint"]];
/** What they are about; the tables of the jobs that run when the database goes are their own. */
export const orderedTables: readonly Pick<StateSeed["tables"][number], "name" | "columns" | "rows">[] = [
  ...["connected", "held_connected"].map((name) => ({ name, columns: connected, rows: [] })),
  ...["visits", "held_visits"].map((name) => ({ name, columns: [time], rows: visits.flat() })),
  { name: "kept", columns: [time, ["n", "bigint"]], rows: kept },
];

interface Place {
  customer: Customer;
  n: number;
  /** Begins the name of a table whose rows come or go in the outage; else empty. */
  held: "held_" | "";
  /** Of this order and no other. */
  mark: string;
  /** A query that has ended. */
  target: string;
}

type Kind = (place: Place) => Order & Omit<Ordered, "account">;

const kinds: Readonly<Record<string, Kind>> = {
  load: ({ held, mark }) => ({
    path: "/v3/job/issue/bulkload/shop",
    body: {
      table: `${held}connected`,
      config: {
        in: {
          type: "s3",
          bucket: "bucket",
          path_prefix: mark,
          decoders: [{ type: "gzip" }],
          parser: { type: "jsonl" },
          ...key,
        },
      },
    },
    query: worded("bulkload", { table: `${held}connected`, mode: "append" }),
    what: "a load",
    mark,
    does: { loads: `${held}connected`, lines: lines.flat() },
  }),
  deletion: ({ held, n }) => {
    const range = { table: `${held}visits`, from: 2 * n * hour, to: (2 * n + 1) * hour };
    const query = worded("partialdelete", range);
    return {
      path: `/v3/table/partialdelete/shop/${range.table}`,
      body: { from: range.from, to: range.to },
      query,
      what: "a deletion",
      mark: query,
      does: { deletes: range },
    };
  },
  table_export: ({ mark }) => ({
    path: "/v3/export/run/shop/kept",
    body: { storage_type: "s3", bucket: "bucket", file_prefix: mark, from: 2, to: 4, ...key },
    query: worded("export", { table: "kept", from: 2, to: 4 }),
    what: "an export",
    mark,
    does: { delivers: kept.slice(1) },
  }),
  result_export: ({ mark, target }) => ({
    path: `/v3/job/result_export/${target}`,
    body: { result: `web://web.test/${mark}` },
    query: worded("result_export", { job: target }),
    what: "a result export",
    mark,
    does: { delivers: numbers },
  }),
  output: ({ customer, mark }) => ({
    path: `/v3/job/issue/${customer.type}/shop`,
    body: { query: "SELECT /* delivered */ n FROM numbers", result: `web://web.test/${mark}` },
    query: "SELECT /* delivered */ n FROM numbers",
    what: "a delivery",
    mark,
    does: { delivers: numbers },
  }),
};
const kindNames = Object.keys(kinds);
/** Of each customer: what is ordered before, and comes about in the outage. */
export const ordersHeld = kindNames.length;

export async function orderHeld(client: Client): Promise<void> {
  await Promise.all(
    orderedTables.map(({ name }) => untilAnswered(client, `/v3/table/create/shop/${name}/log`, {})),
  );
  const target = await exported(client);
  await Promise.all(kindNames.map((kind) => order(client, kind, { n: 0, held: "held_", target })));
}

/** One after the other until the end, some of which are killed. */
export async function orderer(client: Client): Promise<void> {
  const target = await exported(client);
  await Promise.all(
    kindNames.map(async (kind) => {
      for (let n = 1; n < mostOrders && !client.stop.aborted; n += 1) {
        const id = await order(client, kind, { n, held: "", target });
        if (id !== undefined && n % 5 === 0) await killUntilTaken(client, id);
        await wait(6 * lookMs);
      }
    }),
  );
}

/** Who has the answer sends it once more all the same: it is the same job. */
async function order(
  client: Client,
  kind: string,
  place: Pick<Place, "n" | "held" | "target">,
): Promise<string | undefined> {
  const { customer, record } = client;
  const domainKey = `${place.held}${kind}_${customer.name}_${place.n}`;
  const wanted = (kinds[kind] as Kind)({ ...place, customer, mark: `${domainKey}_` });
  const id = await orderByKey(client, wanted, domainKey);
  if (id === undefined) return undefined;
  const { what, mark, does } = wanted;
  record.orders.set(id, { account: customer.id, what, mark, does });
  await call(client, wanted.path, { ...wanted.body, domain_key: domainKey });
  return id;
}

/** The query whose result is exported, once it has ended. */
async function exported(client: Client): Promise<string> {
  const query = "SELECT /* exported */ n FROM numbers";
  const id = (await issueByKey(client, { query, domain_key: "exported" })) ?? "";
  for (; !client.stop.aborted; await wait(lookMs))
    if ((await call(client, `/v3/job/show/${id}`))?.body["status"] === "success") break;
  return id;
}
