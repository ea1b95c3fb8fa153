import { describe, expect, test } from "vitest";
import type { Reply } from "../../contracts/in-process.ts";
import { samples } from "../../contracts/testing/samples.ts";
import { readList, readResult } from "./script.ts";
import { ok, refusal } from "./testing/answers.ts";
import { type AskedCall, fakeCaller } from "./testing/fake-caller.ts";

describe("the list of jobs", () => {
  const [listed] = (samples["job.list"].reply as { jobs: object[] }).jobs;
  const pageOf = (ids: readonly string[]): Reply =>
    ok({ jobs: ids.map((id) => ({ ...listed, job_id: id })) });
  const all = ["9", "8", "7", "6", "5"];
  /** An API with pages of two. */
  const paged = ({ input }: AskedCall): Reply => {
    const from = Number(input["from"]);
    return pageOf(all.slice(from, from + 2));
  };

  test.each([
    ["9", true, [0]],
    ["7", true, [0, 2]],
    ["5", true, [0, 2, 4]],
    ["1", false, [0, 2, 4, 5]],
  ])("is read page by page for job %s: %j", async (id, found, froms) => {
    const { caller, calls } = fakeCaller(paged);
    expect((await readList(caller, [id]))?.has(id)).toBe(found);
    expect(calls).toEqual(froms.map((from) => ["job.list", { from }]));
  });

  test("of an API that ignores where to begin is read to its end once", async () => {
    const { caller, calls } = fakeCaller(() => pageOf(all));
    expect((await readList(caller, ["1"]))?.has("1")).toBe(false);
    expect(calls).toHaveLength(2);
  });

  test.each([null, refusal(503), refusal(429)])(
    "that was not answered does not say no: %j",
    async (reply) => {
      const first = fakeCaller(() => reply);
      expect(await readList(first.caller, ["1"])).toBeUndefined();
      const second = fakeCaller((call) => (call.nth === 1 ? paged(call) : reply));
      expect(await readList(second.caller, ["1"])).toBeUndefined();
    },
  );

  test("that is no list shows nothing", async () => {
    for (const body of [null, {}, { jobs: "7" }, { jobs: [{}, null, 7] }, "7"])
      expect(await readList(fakeCaller(() => ok(body)).caller, ["7"])).toEqual(new Set());
  });
});

describe("a result", () => {
  const read = (reply: Reply | null) => readResult(fakeCaller(() => reply).caller, "7");

  test.each<[string, unknown, unknown]>([
    [
      "rows, one a line",
      '[1,"ü\\n"]\n[null,2.5]\n',
      [
        [1, "ü\n"],
        [null, 2.5],
      ],
    ],
    ["a last line without its end", "[1]\n[2]", [[1], [2]]],
    ["nothing", "", []],
    ["what npm td gives for nothing", {}, []],
    ["half a row", '[1]\n[2,"', null],
    ["no text", 7, null],
    ["an object", { rows: [] }, null],
    ["no body", null, null],
  ])("of %s", async (_, body, rows) => {
    expect(await read(ok(body))).toEqual(rows);
  });

  test.each([refusal(404), { status: 206, body: "[1]" }])(
    "that was refused for good, or is not whole, is none: %j",
    async (reply) => {
      const { caller, calls } = fakeCaller(() => reply);
      expect(await readResult(caller, "7")).toBeNull();
      expect(calls).toHaveLength(1);
    },
  );

  test.each([null, refusal(503), refusal(429)])("that did not come is asked for again: %j", async (reply) => {
    const { caller, calls, waits } = fakeCaller(({ nth }) => (nth < 4 ? reply : ok("[1]")));
    expect(await readResult(caller, "7")).toEqual([[1]]);
    expect(calls).toHaveLength(4);
    expect(waits).toEqual([500, 1_000, 2_000]);
  });

  test.each<[string, Reply | null, null | undefined]>([
    ["none where the service answers with an error for ever", refusal(500), null],
    ["not known where no answer ever comes", null, undefined],
  ])("is %s", async (_, reply, rows) => {
    const { caller, waits } = fakeCaller(() => reply);
    expect(await readResult(caller, "7")).toBe(rows);
    const patience = waits.reduce((sum, ms) => sum + ms, 0);
    expect(patience).toBeGreaterThan(60_000);
  });

  test("is asked for as JSON", async () => {
    const { caller, calls } = fakeCaller(() => ok(""));
    await readResult(caller, "7");
    expect(calls).toEqual([["job.result", { job_id: "7", format: "json" }]]);
  });
});
