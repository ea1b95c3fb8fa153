import { describe, expect, test } from "vitest";
import { call, problems } from "../../testing/model-calls.ts";
import type { Fields, ModelCall } from "../call.ts";

/** A session that a perform or commit has moved has a job, also where nobody knows how it moved. */

const name = "sess_1";
const into = { database: "sample", table: "trades" };
const uncounted = { valid_records: null, error_records: null, valid_parts: null, error_parts: null };
const seen = (status: string, job_id: string | null): Fields => ({
  name,
  ...into,
  status,
  upload_frozen: status !== "uploading",
  job_id,
  ...uncounted,
});
const unknown: ModelCall[] = [
  call(1_000, "bulk_import.create", { name, ...into }, { name, bulk_import: name }),
  call(1_500, "bulk_import.perform", { name }, null, { status: 503, excused: true }),
];
const show = (session: Fields) => call(2_000, "bulk_import.show", { name }, session);
const list = (session: Fields) => call(2_000, "bulk_import.list", {}, { bulk_imports: [session] });
const orphan = "a session that a perform or commit has moved has no job";

describe.each([
  ["shown", show],
  ["in a list", list],
] as const)("%s", (_, look) => {
  test.each(["performing", "ready", "committing", "committed"])("%s", (status) => {
    expect(problems([...unknown, look(seen(status, null))])).toContain(orphan);
    expect(problems([...unknown, look(seen(status, "7"))])).not.toContain(orphan);
  });

  test("one that is uploading needs none", () => {
    expect(problems([...unknown, look(seen("uploading", null))])).toEqual([]);
  });
});
