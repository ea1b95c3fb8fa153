import type { JobType } from "../job.ts";
import { connectorLoad } from "../operations/data-connector.ts";
import { deletion } from "../operations/partial-delete.ts";
import { tableExport } from "../operations/table-export.ts";
import type { OperationId } from "../operations.ts";
import type { Millis } from "../values.ts";
import type { WordedType } from "../worded-jobs.ts";
import type { Fields, ModelCall } from "./call.ts";
import { urlIn } from "./order.ts";

/** An order of a job otherwise than as a query, as a call of `job.issue` that means the same. */
export interface WordedOrder extends ModelCall {
  /** How such a job is shown. */
  shownType: JobType;
  /** When the job was surely there, where its own answer does not tell its id; null where nobody knows. */
  doneBy: Millis | null;
  /** What it may have been as well: which one is for its job to show. */
  others?: readonly WordedOrder[];
  /** Nobody knows on which job it is, and so not of which database and engine it is. */
  isOpen?: true;
  /** How its job ended as it came to be; absent of one that waits for a worker. */
  ended?: Fields;
}

/** The request of `job.issue` that means the same. */
export const asIssue = (
  query: string,
  { type = "hive", database, priority, domain_key, result }: Fields,
) => ({
  type,
  database,
  query,
  priority,
  retry_limit: 0,
  ...(result === undefined ? {} : { result }),
  ...(domain_key === undefined ? {} : { domain_key }),
});

/** What is ordered about a table: its type, its words and where its rows go, or come from; nothing where the request means none. */
interface OrderOfTable {
  type: WordedType;
  read: (request: Fields) => { query: string; result?: string } | undefined;
}

const ofTables: Partial<Record<OperationId, OrderOfTable>> = {
  "table.partial_delete": {
    type: "partialdelete",
    read: (request) => {
      const query = deletion(request);
      return query === undefined ? undefined : { query };
    },
  },
  "table.export": { type: "export", read: tableExport },
  "connector.issue": { type: "bulkload", read: connectorLoad },
};

export const isOfTable = ({ operation }: ModelCall): boolean => ofTables[operation] !== undefined;
/** Undefined for any other call, and for an order that means nothing. */
export const orderIn = ({ operation, request }: ModelCall) => ofTables[operation]?.read(request);
export const isExport = ({ operation }: ModelCall): boolean => operation === "job.result_export";

/** The order as it came, with another request. */
export const ordered = (call: ModelCall, shownType: WordedType, request: Fields): WordedOrder => ({
  ...call,
  operation: "job.issue",
  shownType,
  doneBy: null,
  request,
});

/** The orders about tables, but those that mean nothing. */
export const tableOrdersOf = (calls: readonly ModelCall[]): WordedOrder[] =>
  calls.flatMap((call) => {
    const order = orderIn(call);
    const type = ofTables[call.operation]?.type;
    if (order === undefined || type === undefined) return [];
    const { query, result } = order;
    const { database, domain_key } = call.request;
    return [ordered(call, type, asIssue(query, { database, domain_key, result }))];
  });

/** The URL of the destination that an order names, whatever its operation; null where it names none. */
export const urlOf = (call: ModelCall): string | null =>
  isOfTable(call) ? (orderIn(call)?.result ?? null) : urlIn(call.request);
