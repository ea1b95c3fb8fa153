import { expect, test } from "vitest";
import { followJob, type Order, tidyUp } from "./script.ts";
import { ok } from "./testing/answers.ts";
import { type AskedCall, fakeCaller } from "./testing/fake-caller.ts";

const order: Order = {
  type: "presto",
  database: "sample",
  query: "SELECT 1",
  domain_key: "workload-1",
  scheduled: { name: "kept", isDue: false, turns: { fails: "SELECT 2", succeeds: "SELECT 3" } },
};
const bodies: Readonly<Record<string, unknown>> = {
  "scheduled_query.run": { jobs: [{ job_id: 7 }] },
  "job.show": { job_id: "7", status: "running" },
};
const answer = ({ operation }: AskedCall) => ok(bodies[operation] ?? {});

test("one that gave up before the end of its job says so; what is its own can be deleted later", async () => {
  const gaveUp = new AbortController();
  const fake = fakeCaller((call) => {
    if (call.operation === "job.show" && call.nth === 2) gaveUp.abort();
    return answer(call);
  });
  const following = { onAccepted: () => {}, kills: false, giveUp: gaveUp.signal };
  expect(await followJob(fake.caller, order, following)).toBe(false);
  expect(fake.called()).toEqual(["scheduled_query.create", "scheduled_query.run", "job.show", "job.show"]);
  const later = fakeCaller(answer);
  await tidyUp(later.caller, { ...order, load: { table: "t", parts: {} } }, new AbortController().signal);
  const deleted = later.called().filter((operation) => operation.endsWith("delete"));
  expect(deleted).toEqual(["bulk_import.delete", "scheduled_query.delete"]);
});
