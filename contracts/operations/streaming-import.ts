import { z } from "zod";
import { json, operation } from "../operation.ts";
import { type Millis, objectName } from "../values.ts";

/**
 * Customer side, streaming import: a chunk of records is taken at once and put into its table soon after.
 *
 * A chunk is gzip of msgpack maps, one behind the other. Each map has an integer `time`, in seconds since the epoch, and
 * values that are scalars, or lists and maps, which are kept as JSON texts; integers have 64 bits. A chunk of which any
 * record is otherwise is refused as a whole. What is taken is durable, is in the table once, and is seen there, with the
 * columns that it adds, within a minute of service.
 */

/** Bytes of a chunk as it is sent: fluentd cuts what it buffers into chunks of 8 MiB by default. */
export const mostChunkBytes = 8 * 2 ** 20;

/** Bytes of a chunk when it is unpacked. */
export const mostUnpackedBytes = 64 * 2 ** 20;

/** Columns of one table, `time` among them. */
export const mostColumns = 500;

/** Lists and maps within each other. */
export const mostDepth = 32;

/** What engines can name without quotes. */
export const columnName = /^[a-z_][a-z0-9_]{0,127}$/;

/** A chunk that was taken is seen in its table at the latest so long after, while the service and its database are up. */
export const visibleWithinMs: Millis = 60_000;

/**
 * For so long after it was taken a chunk is known again by its id: fluentd sends one for 72 hours before it gives up, and
 * buffers outlive a weekend.
 */
export const knownForMs: Millis = 7 * 24 * 3_600_000;

/** fluentd's id of a chunk: 128 bits, in hex. Others make theirs of as many digits as they like. */
export const uniqueId = z
  .string()
  .regex(/^[0-9a-f]{1,64}$/)
  .meta({ id: "UniqueId" });

/** `content` is the body, in base64 wherever it is written down. */
const chunk = z.object({
  database: objectName,
  table: objectName,
  format: z.literal("msgpack.gz"),
  content: z.base64().max(Math.ceil(mostChunkBytes / 3) * 4),
});

const imported = json(
  z
    .strictObject({
      /** Seconds. */
      elapsed_time: z.number().nonnegative(),
      database: objectName,
      table: objectName,
      /** Of the body as it was received. */
      md5_hex: z.string().regex(/^[0-9a-f]{32}$/),
      unique_id: uniqueId,
    })
    .meta({ id: "ImportedChunk" }),
);

const reasons = ["not_found"] as const;

export const importChunk = operation({
  id: "table.import",
  summary:
    "Take a chunk of records for a table; sent again it is another one, and its unique_id is its md5_hex",
  method: "PUT",
  path: "/v3/table/import/:database/:table/:format",
  audience: "customer",
  again: "another",
  input: chunk,
  reply: imported,
  reasons,
});

export const importChunkWithId = operation({
  id: "table.import_with_id",
  summary: "Take a chunk of records for a table, once for each unique_id, whatever is in it the second time",
  method: "PUT",
  path: "/v3/table/import_with_id/:database/:table/:unique_id/:format",
  audience: "customer",
  again: { is: "same", by: ["database", "table", "unique_id"] },
  input: chunk.extend({ unique_id: uniqueId }),
  reply: imported,
  reasons,
});
