import { z } from "zod";
import { json, operation } from "../operation.ts";
import { jobId, jobNumber, objectName, optional, wireInteger } from "../values.ts";
import { resultMediaTypes } from "./jobs.ts";

/**
 * Customer side, Bulk Import: parts are uploaded into a session, which a job performs (counts what is in them) and another
 * one commits (puts their rows into the table). A session belongs to one account; no other one sees it.
 *
 * A part is gzip of msgpack maps, one behind the other; a valid record is a map whose `time` is an integer and whose
 * values are scalars. Any body is taken at upload: what cannot be read is counted at perform, as an error part.
 */

/** `uploading` is frozen or not; each `…ing` behind it lasts until its job has ended. */
export const importStatuses = ["uploading", "performing", "ready", "committing", "committed"] as const;
export type ImportStatus = (typeof importStatuses)[number];

/** What the service does to a session of this status, and the status that the end of that job gives it. */
export const importJobs = {
  bulk_import_perform: { during: "performing", success: "ready", else: "uploading" },
  bulk_import_commit: { during: "committing", success: "committed", else: "ready" },
} as const satisfies Record<string, Record<string, ImportStatus>>;

/** Bytes of a part, as it was sent: clients cut what they load into parts of 16 MiB by default. */
export const mostPartBytes = 32 * 2 ** 20;

/** Of one part unpacked, bytes and lists or maps within each other: a few bytes of gzip can stand for any number. */
export const mostUnpackedPartBytes = 256 * 2 ** 20;
export const mostNestedInPart = 1_000;

/**
 * Of error records, unpacked: the file of a session may end behind the record with which it has come to so many bytes.
 */
export const enoughErrorBytes = 16 * 2 ** 20;

export const sessionName = z
  .string()
  .regex(/^[a-z0-9_]{3,255}$/)
  .meta({ id: "ImportName" });
export const partName = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,200}$/)
  .meta({ id: "PartName" });

/** What is counted once, by the perform. */
export const importCounts = z
  .strictObject({
    valid_records: z.int().nonnegative(),
    error_records: z.int().nonnegative(),
    valid_parts: z.int().nonnegative(),
    error_parts: z.int().nonnegative(),
  })
  .meta({ id: "ImportCounts" });

export type ImportCounts = z.output<typeof importCounts>;

const count = z.int().nonnegative().nullable();
const session = z
  .strictObject({
    name: sessionName,
    database: objectName,
    table: objectName,
    status: z.enum(importStatuses),
    upload_frozen: z.boolean(),
    /** Of the newest job: the perform, and then the commit. */
    job_id: jobId.nullable(),
    valid_records: count,
    error_records: count,
    valid_parts: count,
    error_parts: count,
  })
  .meta({ id: "BulkImport" });

const named = { name: sessionName, bulk_import: sessionName };
const answered = json(z.strictObject(named).meta({ id: "NamedBulkImport" }));
const byName = z.object({ name: sessionName });
const byPart = byName.extend({ part: partName });

const ofSession = { audience: "customer", input: byName } as const;

export const createImport = operation({
  id: "bulk_import.create",
  summary: "Create a session for parts of a table",
  method: "POST",
  path: "/v3/bulk_import/create/:name/:database/:table",
  audience: "customer",
  again: { is: "refused", by: ["name"] },
  input: byName.extend({ database: objectName, table: objectName }),
  reply: answered,
  reasons: ["not_found", "already_exists"],
});

export const uploadPart = operation({
  id: "bulk_import.upload_part",
  summary: "Put a part into a session; one of the same name is replaced",
  method: "PUT",
  path: "/v3/bulk_import/upload_part/:name/:part",
  audience: "customer",
  again: { is: "same", by: ["name", "part", "content"] },
  /** `content` is the body, in base64 wherever it is written down. */
  input: byPart.extend({ content: z.base64().max(Math.ceil(mostPartBytes / 3) * 4) }),
  reply: answered,
  reasons: ["not_found", "wrong_state"],
});

export const deletePart = operation({
  id: "bulk_import.delete_part",
  summary: "Take a part out of a session",
  method: "POST",
  path: "/v3/bulk_import/delete_part/:name/:part",
  audience: "customer",
  again: { is: "refused", by: ["name", "part"] },
  input: byPart,
  reply: answered,
  reasons: ["not_found", "wrong_state"],
});

export const listParts = operation({
  ...ofSession,
  id: "bulk_import.list_parts",
  summary: "The names of a session's parts, in order",
  method: "GET",
  path: "/v3/bulk_import/list_parts/:name",
  again: "reads",
  reply: json(z.strictObject({ ...named, parts: z.array(partName) }).meta({ id: "PartList" })),
  reasons: ["not_found"],
});

export const freezeImport = operation({
  ...ofSession,
  id: "bulk_import.freeze",
  summary: "Take no more parts",
  method: "POST",
  path: "/v3/bulk_import/freeze/:name",
  again: { is: "refused", by: ["name"] },
  reply: answered,
  reasons: ["not_found", "wrong_state"],
});

export const unfreezeImport = operation({
  ...ofSession,
  id: "bulk_import.unfreeze",
  summary: "Take parts again",
  method: "POST",
  path: "/v3/bulk_import/unfreeze/:name",
  again: { is: "refused", by: ["name"] },
  reply: answered,
  reasons: ["not_found", "wrong_state"],
});

export const performImport = operation({
  id: "bulk_import.perform",
  summary:
    "Freeze a session and issue the job that counts what is in its parts; while it lasts, the same job is told again",
  method: "POST",
  path: "/v3/bulk_import/perform/:name",
  audience: "customer",
  again: { is: "same", by: ["name"] },
  input: byName.extend({ priority: optional(wireInteger.pipe(z.int().min(-2).max(2)), 0) }),
  /** The id is a number here: the Go client reads no other. */
  reply: json(z.strictObject({ ...named, job_id: jobNumber }).meta({ id: "PerformedBulkImport" })),
  reasons: ["not_found", "wrong_state"],
});

export const commitImport = operation({
  ...ofSession,
  id: "bulk_import.commit",
  summary: "Issue the job that puts the valid records of a session that is ready into its table, once",
  method: "POST",
  path: "/v3/bulk_import/commit/:name",
  again: { is: "same", by: ["name"] },
  reply: answered,
  reasons: ["not_found", "wrong_state"],
});

export const deleteImport = operation({
  ...ofSession,
  id: "bulk_import.delete",
  summary: "Forget a session and its parts; not while a job is at it",
  method: "POST",
  path: "/v3/bulk_import/delete/:name",
  again: { is: "refused", by: ["name"] },
  reply: answered,
  reasons: ["not_found", "wrong_state"],
});

export const showImport = operation({
  ...ofSession,
  id: "bulk_import.show",
  summary: "All that is known of one session",
  method: "GET",
  path: "/v3/bulk_import/show/:name",
  again: "reads",
  reply: json(session),
  reasons: ["not_found"],
});

/**
 * One file of gzip, so that clients who read no further than its first member have all of it; without records it is gzip of
 * nothing, since Java's clients fail on an empty body. Records are in the order of their parts' names, and within a part in
 * its own, each as it was sent; parts that cannot be read have none. The perform must have succeeded: until then nobody
 * knows which records are in error, and td's own command asks no earlier.
 */
export const errorRecords = operation({
  ...ofSession,
  id: "bulk_import.error_records",
  summary: "The records of a performed session that are in error, as one file of msgpack.gz",
  method: "GET",
  path: "/v3/bulk_import/error_records/:name",
  again: "reads",
  reply: { kind: "file", mediaTypes: [resultMediaTypes["msgpack.gz"]] },
  reasons: ["not_found", "wrong_state"],
});

export const listImports = operation({
  id: "bulk_import.list",
  summary: "The caller's sessions, in order of name",
  method: "GET",
  path: "/v3/bulk_import/list",
  audience: "customer",
  again: "reads",
  input: z.object({}),
  reply: json(z.strictObject({ bulk_imports: z.array(session) }).meta({ id: "BulkImportList" })),
  reasons: [],
});
