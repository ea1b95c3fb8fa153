import { expect, test } from "vitest";
import { asks, call, hdp2, limits } from "../../testing/model-calls.ts";
import type { Fields, ModelCall } from "../call.ts";
import { judgeCalls } from "../model.ts";

/** The answer to a commit tells no id: each one that is taken issues one job. */

const name = "sess_1";
const named = { name, bulk_import: name };
const query = `BULK IMPORT COMMIT ${name} INTO trades`;
const asked = (at: number, what: string, request: Fields = {}, more: Partial<ModelCall> = {}) =>
  call(at, `bulk_import.${what}` as ModelCall["operation"], { name, ...request }, named, more);
const handed = (at: number, job_id: string) => {
  const job = { job_id, attempt: 1, type: "hive", engine: "hive-cdh4", database: "sample", query };
  return call(at, "worker.claim", asks, { job });
};
const listed = (at: number, ids: readonly string[], more: Partial<ModelCall> = {}) => {
  const shown = { type: "bulk_import_commit", database: "sample", query };
  return call(at, "job.list", {}, { jobs: ids.map((job_id) => ({ ...shown, job_id })) }, more);
};
const committed = [
  asked(1_000, "create", { database: "sample", table: "trades" }),
  asked(2_000, "commit"),
  asked(3_000, "commit"),
];
const surplus = (...calls: ModelCall[]) =>
  judgeCalls([...committed, ...calls], 0, { ...limits, rowsOf: () => null })
    .departures.map(({ problem }) => problem)
    .filter((problem) => problem.includes("jobs of commits"));
const twice = "it is one of 2 jobs of commits of which 1 can have issued one";

test("a commit issues one job, whatever it is seen by", () => {
  expect(surplus(handed(4_000, "3"), listed(5_000, ["3"]))).toEqual([]);
  expect(surplus(handed(4_000, "3"), listed(5_000, ["3", "4"]))).toEqual([twice]);
  expect(surplus(handed(4_000, "3"), handed(5_000, "4"))).toEqual([twice]);
  expect(surplus(handed(4_000, "3"), listed(5_000, ["4"], { account: hdp2 }))).toEqual([]);
});

test("after a kill another commit issues another one", () => {
  const killed = call(5_000, "job.kill", { job_id: "3" }, { job_id: "3", former_status: "booting" });
  const again = [handed(4_000, "3"), killed, asked(6_000, "commit"), handed(7_000, "4")];
  expect(surplus(...again)).toEqual([]);
  expect(surplus(...again, handed(8_000, "5"))).toEqual([
    "it is one of 3 jobs of commits of which 2 can have issued one",
  ]);
});

test("what was lost may have come twice", () => {
  const lost = asked(3_500, "commit", {}, { status: null, reply: undefined, excused: true });
  expect(surplus(lost, handed(4_000, "3"), handed(5_000, "4"))).toEqual([]);
});
