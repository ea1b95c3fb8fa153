import { z } from "zod";
import type { OperationId } from "../../contracts/operations.ts";
import type { Landed, Source } from "./destination.ts";

/**
 * A table of the service itself. It has no server of its own: its customer makes it before the job, and what arrived is
 * what stands there in the warehouse, once the service has brought it in.
 */
export const td = {
  output: z.strictObject({ kind: z.literal("td") }),
  /** The operations that it takes besides those of every job. */
  takes: ["table.create", "table.import_with_id", "table.show"] satisfies OperationId[],
  /** Keys of the service have a slash in them, which a customer must escape. */
  url: (target: string, { apikey, database }: { apikey: string; database: string }): string =>
    `td://${encodeURIComponent(apikey)}@/${database}/${target}`,
  refuses: () => false,
  meanwhile: () => null,
  after: (_: unknown, __: Source, deliveries: readonly Pick<Source, "rows">[]): Landed => ({
    rows: deliveries.flatMap(({ rows }) => rows),
    deliveries: null,
  }),
} as const;
