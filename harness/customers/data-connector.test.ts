import { expect, test } from "vitest";
import type { Reply } from "../../contracts/in-process.ts";
import type { OperationId } from "../../contracts/operations.ts";
import { followJob, type Order } from "./script.ts";
import { ok, refusal } from "./testing/answers.ts";
import { fakeCaller } from "./testing/fake-caller.ts";

/** A customer that has a table loaded from a bucket. */

const load = { table: "events", mode: "replace", unreadable: [] } as const;
const order: Order = {
  type: "hive",
  database: "sample",
  query: "LOAD INTO events MODE replace",
  result: "s3://id:s%2Fc@store.test:9000/rows?prefix=a%2Fb&format=jsonl.gz&tls=false",
  domain_key: "workload-1",
  connection: load,
};
const conflict = refusal(409, { reason: "domain_key_taken", conflicts_with: "7" });
const answers = {
  "table.create": [null, refusal(409)],
  "job.show": [ok({ job_id: "7", status: "success" })],
};

async function follow(
  script: Partial<Record<OperationId, readonly (Reply | null)[]>>,
  unreadable: readonly string[] = [],
) {
  const fake = fakeCaller(({ operation, nth }) => {
    const answers = script[operation] ?? [null];
    return answers[Math.min(nth, answers.length) - 1] ?? null;
  });
  const ids: string[] = [];
  const giveUp = new AbortController().signal;
  const asked = { ...order, connection: { ...load, unreadable } };
  await followJob(fake.caller, asked, { onAccepted: (id) => ids.push(id), kills: false, giveUp });
  return { calls: fake.calls, called: fake.called(), ids };
}

test("makes its table known and orders the job until it is accepted, under its key", async () => {
  const { calls, called, ids } = await follow({
    ...answers,
    "connector.issue": [null, refusal(503), conflict],
  });
  const orders = ["connector.issue", "connector.issue", "connector.issue"];
  expect(called).toEqual(["table.create", "table.create", ...orders, "job.show"]);
  expect(calls[2]?.[1]).toEqual({
    database: "sample",
    table: "events",
    config: {
      in: {
        type: "s3",
        bucket: "rows",
        access_key_id: "id",
        secret_access_key: "s/c",
        path_prefix: "a/b",
        endpoint: "http://store.test:9000",
        decoders: [{ type: "gzip" }],
        parser: { type: "jsonl" },
      },
      out: { mode: "replace" },
    },
    domain_key: "workload-1",
  });
  expect(ids).toEqual(["7"]);
});

test("has what no job can read tried before, each under a key of its own, and waits for the end of all", async () => {
  const urls = ["one", "two"].map(
    (prefix) => `s3://id:x@store.test:9000/rows?prefix=${prefix}&format=jsonl.gz&tls=false`,
  );
  const { calls, called } = await follow({ ...answers, "connector.issue": [conflict] }, urls);
  const both = ["connector.issue", "connector.issue", "job.show", "job.show"];
  expect(called.slice(2)).toEqual([...both, "connector.issue", "job.show"]);
  const orders = calls.filter(([operation]) => operation === "connector.issue").map(([, input]) => input);
  expect(orders.map(({ domain_key }) => domain_key)).toEqual([
    "workload-1-unreadable-0",
    "workload-1-unreadable-1",
    "workload-1",
  ]);
  expect(orders).toMatchObject(
    ["one", "two", "a/b"].map((path_prefix) => ({ config: { in: { path_prefix } } })),
  );
});

test("gives up where it is refused for good, or has no table", async () => {
  const refused = await follow({ ...answers, "connector.issue": [refusal(422)] });
  expect([refused.ids, refused.called.at(-1)]).toEqual([[], "connector.issue"]);
  const noTable = await follow({ "table.create": [refusal(404)] });
  expect(noTable.called).toEqual(["table.create"]);
});
