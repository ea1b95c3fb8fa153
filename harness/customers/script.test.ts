import { describe, expect, test } from "vitest";
import type { Reply } from "../../contracts/in-process.ts";
import type { OperationId } from "../../contracts/operations.ts";
import { followJob, look, type Order } from "./script.ts";
import { ok, refusal } from "./testing/answers.ts";
import { type AskedCall, fakeCaller } from "./testing/fake-caller.ts";

const order: Order = { type: "presto", database: "sample", query: "SELECT 1", domain_key: "workload-1" };
const { domain_key: _, ...orderOfTd } = order;

const accepted = ok({ job: "7", job_id: "7", database: "sample" });
const conflict = (id?: string): Reply =>
  refusal(409, { reason: "domain_key_taken", ...(id === undefined ? {} : { conflicts_with: id }) });
const status = (name: string): Reply => ok({ job_id: "7", status: name });

/** Answers of an operation in their order, the last one from then on. */
type Script = Partial<Record<OperationId, readonly (Reply | null)[]>>;
const answering =
  (script: Script) =>
  ({ operation, nth }: AskedCall): Reply | null =>
    script[operation]?.[Math.min(nth, script[operation].length) - 1] ?? null;

async function follow(script: Script, more: { order?: Order; kills?: boolean; giveUp?: AbortSignal } = {}) {
  const fake = fakeCaller(answering(script));
  const ids: string[] = [];
  await followJob(fake.caller, more.order ?? order, {
    onAccepted: (id) => ids.push(id),
    kills: more.kills ?? false,
    giveUp: more.giveUp ?? new AbortController().signal,
  });
  return { ...fake, ids, called: fake.called() };
}

describe("a customer that issues a job", () => {
  test("tells its id and looks until the job has ended", async () => {
    const looks = ["queued", "running", "success"].map(status);
    const { ids, called, waits } = await follow({ "job.issue": [accepted], "job.show": looks });
    expect(ids).toEqual(["7"]);
    expect(called).toEqual(["job.issue", "job.show", "job.show", "job.show"]);
    expect(waits).toEqual([500, 750]);
  });

  test("sends the same order again, ever more patiently, until it is accepted", async () => {
    const answers = [null, refusal(503), refusal(429), null, null, null, null, null, accepted];
    const { calls, ids, waits } = await follow({ "job.issue": answers, "job.show": [status("success")] });
    const issues = calls.filter(([operation]) => operation === "job.issue");
    expect(issues).toHaveLength(answers.length);
    expect(new Set(issues.map(([, input]) => JSON.stringify(input)))).toEqual(
      new Set([JSON.stringify(order)]),
    );
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(ids).toEqual(["7"]);
  });

  const twice: Order = { ...order, earlier: { query: "SELECT 2", domain_key: "workload-1-earlier" } };

  test("has the same delivered before it, by a job of its own", async () => {
    const { calls, ids } = await follow(
      {
        "job.issue": [null, ok({ job: "6", job_id: "6", database: "sample" }), accepted],
        "job.show": ["queued", "success", "success"].map(status),
      },
      { order: twice },
    );
    const { earlier, ...own } = twice;
    const before = { ...own, ...earlier };
    expect(calls.map(([operation, input]) => [operation, input])).toEqual([
      ["job.issue", before],
      ["job.issue", before],
      ["job.show", { job_id: "6" }],
      ["job.show", { job_id: "6" }],
      ["job.issue", own],
      ["job.show", { job_id: "7" }],
    ]);
    expect(ids).toEqual(["7"]);
  });

  test("orders nothing after one that failed", async () => {
    const { called, ids } = await follow(
      { "job.issue": [accepted], "job.show": [status("error")] },
      { order: twice },
    );
    expect([called, ids]).toEqual([["job.issue", "job.show"], []]);
  });

  test("takes a conflict as its own earlier success", async () => {
    const { ids } = await follow({ "job.issue": [null, conflict("9")], "job.show": [status("success")] });
    expect(ids).toEqual(["9"]);
  });

  test.each([
    ["a refusal", refusal(422)],
    ["a conflict that does not say with which job", conflict()],
    ["a conflict with nothing", conflict("")],
  ])("does not come back after %s", async (_, answer) => {
    const { called, ids, waits } = await follow({ "job.issue": [answer, accepted] });
    expect({ called, ids, waits }).toEqual({ called: ["job.issue"], ids: [], waits: [] });
  });

  test("without a key sends its order once: the same again would be another job", async () => {
    for (const answer of [null, refusal(503)]) {
      const { called, ids } = await follow({ "job.issue": [answer, accepted] }, { order: orderOfTd });
      expect({ called, ids }).toEqual({ called: ["job.issue"], ids: [] });
    }
    const { ids } = await follow(
      { "job.issue": [accepted], "job.show": [status("success")] },
      { order: orderOfTd },
    );
    expect(ids).toEqual(["7"]);
  });
});

describe("a customer that gives up", () => {
  test("before it begins calls nobody", async () => {
    expect((await follow({}, { giveUp: AbortSignal.abort() })).called).toEqual([]);
  });

  test.each([
    ["while it issues the job", "job.issue", { "job.issue": [null] }, ["job.issue", "job.issue"]],
    [
      "while it waits for the end",
      "job.show",
      { "job.issue": [accepted], "job.show": [status("running")] },
      ["job.issue", "job.show", "job.show"],
    ],
  ] as const)("%s asks no more", async (_, at, script: Script, expected) => {
    const gaveUp = new AbortController();
    const fake = fakeCaller((call) => {
      if (call.operation === at && call.nth === 2) gaveUp.abort();
      return answering(script)(call);
    });
    await followJob(fake.caller, order, { onAccepted: () => {}, kills: false, giveUp: gaveUp.signal });
    expect(fake.called()).toEqual(expected);
  });
});

describe("a customer that kills its job", () => {
  const looks = ["queued", "running", "running", "running", "killed"].map(status);
  const kills = (answers: readonly (Reply | null)[]) =>
    follow({ "job.issue": [accepted], "job.show": looks, "job.kill": answers }, { kills: true });

  test("asks once, as soon as it sees it running", async () => {
    const { called, calls } = await kills([ok({ job_id: "7", former_status: "running" })]);
    expect(called.slice(1)).toEqual(["job.show", "job.show", "job.kill", "job.show", "job.show", "job.show"]);
    expect(calls.find(([operation]) => operation === "job.kill")?.[1]).toEqual({ job_id: "7" });
  });

  test("asks again only where no answer came, or one that invites a retry", async () => {
    const killsOf = async (answers: readonly (Reply | null)[]) =>
      (await kills(answers)).called.filter((operation) => operation === "job.kill").length;
    expect(await killsOf([null, ok({})])).toBe(2);
    expect(await killsOf([refusal(503), ok({})])).toBe(2);
    expect(await killsOf([refusal(404), ok({})])).toBe(1);
  });

  test("does not ask where it never sees it running, or does not want to", async () => {
    const script: Script = { "job.issue": [accepted], "job.show": [status("queued"), status("success")] };
    expect((await follow(script, { kills: true })).called).not.toContain("job.kill");
    expect((await follow({ "job.issue": [accepted], "job.show": looks })).called).not.toContain("job.kill");
  });
});

test("a look at which nothing is seen is none", async () => {
  const seen = async (reply: Reply | null) => look(fakeCaller(() => reply).caller, "7");
  expect(await seen(status("running"))).toBe("running");
  expect(await seen(null)).toBeNull();
  expect(await seen(refusal(404))).toBeNull();
});

describe("a customer whose result goes into a table of the service", () => {
  const into: Order = { ...order, result: "td://k@/sample/rows", fills: { table: "rows", records: 2 } };
  const made = ok({ database: "sample", table: "rows", type: "log" });
  const shown = (count: number) => ok({ name: "rows", count });
  const script: Script = {
    "table.create": [null, made],
    "job.issue": [accepted],
    "job.show": [status("success")],
    "table.show": [shown(0), null, shown(1), shown(2)],
  };

  test("makes the table before, and looks until it sees all rows", async () => {
    const { calls, called } = await follow(script, { order: into });
    const looks = Array.from({ length: 4 }, () => "table.show");
    expect(called).toEqual(["table.create", "table.create", "job.issue", "job.show", ...looks]);
    expect(calls[0]?.[1]).toEqual({ database: "sample", table: "rows", type: "log" });
    const { fills: _fills, ...request } = into;
    expect(calls[2]?.[1]).toEqual(request);
  });

  test.each(["error", "killed"])("does not wait for rows of a job that ended as %s", async (end) => {
    const { called } = await follow({ ...script, "job.show": [status(end)] }, { order: into });
    expect(called).not.toContain("table.show");
  });

  test("orders nothing without the table", async () => {
    const { called } = await follow({ ...script, "table.create": [refusal(404)] }, { order: into });
    expect(called).toEqual(["table.create"]);
  });
});

describe("a customer that deletes a range", () => {
  const deletion = { table: "visits", from: 3_600, to: 7_200 };
  const answers = { "table.create": [null, refusal(409)], "job.show": [status("success")] };
  const deleting = { ...order, deletion };

  test("makes its table known and orders the job until it is accepted, under its key", async () => {
    const script = { ...answers, "table.partial_delete": [null, refusal(503), conflict("7")] };
    const { calls, called, ids } = await follow(script, { order: deleting });
    expect(called).toEqual([
      "table.create",
      "table.create",
      "table.partial_delete",
      "table.partial_delete",
      "table.partial_delete",
      "job.show",
    ]);
    expect(calls[2]?.[1]).toEqual({ database: "sample", ...deletion, domain_key: "workload-1" });
    expect(ids).toEqual(["7"]);
  });

  test("gives up where it is refused for good", async () => {
    const { ids, called } = await follow(
      { ...answers, "table.partial_delete": [refusal(404)] },
      { order: deleting },
    );
    expect([ids, called.at(-1)]).toEqual([[], "table.partial_delete"]);
    const noTable = await follow({ "table.create": [refusal(404)] }, { order: deleting });
    expect(noTable.called).toEqual(["table.create"]);
  });
});

describe("a customer that exports a result", () => {
  const exporting = { ...order, result: "web://sink/x", exports: "first" as const };
  const ended = { "job.issue": [null, conflict("7"), conflict("8")], "job.show": [status("success")] };

  test("has its query run and then orders the export until it is accepted, each under a key of its own", async () => {
    const script = { ...ended, "job.result_export": [null, refusal(503), conflict("9")] };
    const { calls, called, ids } = await follow(script, { order: exporting });
    expect(called).toEqual([
      "job.issue",
      "job.issue",
      "job.show",
      "job.result_export",
      "job.result_export",
      "job.result_export",
      "job.show",
      "job.show",
    ]);
    expect(calls[1]?.[1]).toMatchObject({ domain_key: "workload-1-query-1" });
    expect(calls[1]?.[1]).not.toHaveProperty("result");
    expect(calls[3]?.[1]).toEqual({
      target_id: "7",
      result: "web://sink/x",
      domain_key: "workload-1",
    });
    expect(ids).toEqual(["9"]);
  });

  test("has its query deliver the result there as well, where that is wanted", async () => {
    const script = { ...ended, "job.result_export": [conflict("9")] };
    const { calls } = await follow(script, { order: { ...exporting, exports: "again" } });
    expect(calls[0]?.[1]).toMatchObject({ result: "web://sink/x" });
  });

  test("asks again where its query was killed, and gives up where the export is refused for good", async () => {
    const { calls, called, ids } = await follow(
      {
        ...ended,
        "job.show": [status("killed"), status("success")],
        "job.result_export": [refusal(409)],
      },
      { order: exporting },
    );
    const keys = calls
      .filter(([operation]) => operation === "job.issue")
      .map(([, input]) => input["domain_key"]);
    expect(keys).toEqual(["workload-1-query-1", "workload-1-query-1", "workload-1-query-2"]);
    expect([ids, called.filter((one) => one === "job.result_export")]).toEqual([[], ["job.result_export"]]);
  });
});
