import { expect, test } from "vitest";
import { z } from "zod";
import { judgeHistory } from "../../invariants/judge.ts";
import { calm, finish, lost, show } from "../../invariants/testing/calls.ts";
import { eventsOf, trouble } from "../../invariants/testing/history.ts";
import { checkReport } from "../check.ts";
import { trace } from "./trace.ts";

/** The trace event format as its document has it, for the phases that are written. Perfetto itself is not at hand. */
const place = { pid: z.int(), tid: z.int() };
const pair = { ...place, cat: z.string().min(1), id: z.string().min(1), name: z.string(), ts: z.int() };
const schema = z.strictObject({
  displayTimeUnit: z.enum(["ms", "ns"]),
  otherData: z.looseObject({}),
  traceEvents: z.array(
    z.discriminatedUnion("ph", [
      z.strictObject({
        ph: z.literal("M"),
        ...place,
        name: z.enum(["process_name", "thread_name"]),
        args: z.strictObject({ name: z.string().min(1) }),
      }),
      z.strictObject({ ph: z.literal("b"), ...pair, args: z.looseObject({}) }),
      z.strictObject({ ph: z.literal("e"), ...pair }),
    ]),
  ),
});

test("each call and each fault is a pair that begins and ends, in the lane of a party that has a name", async () => {
  const calls = [...calm, finish(1_500, 1, "success", lost), show(2_000, "killed")];
  const events = eventsOf({ calls, faults: trouble });
  const report = checkReport({ file: "f", events, judgement: judgeHistory(events), unfired: [] });
  const text = await trace.renderClean(report, (given) => given.replaceAll("worker.claim", "***"));
  const { traceEvents } = schema.parse(JSON.parse(text));
  const begun = traceEvents.filter((event) => event.ph === "b");
  const ended = traceEvents.filter((event) => event.ph === "e");
  const keyOf = ({ pid, cat, id, name }: (typeof ended)[number] | (typeof begun)[number]) =>
    [pid, cat, id, name].join("|");
  expect(begun.length).toBeGreaterThan(calls.length);
  expect(new Set(begun.map(keyOf)).size).toBe(begun.length);
  const ends = new Map(ended.map((event) => [keyOf(event), event.ts]));
  expect(ends.size).toBe(begun.length);
  for (const event of begun) expect(ends.get(keyOf(event))).toBeGreaterThanOrEqual(event.ts);
  const lanes = new Map(
    traceEvents.flatMap((event) =>
      event.ph === "M" ? [[`${event.pid} ${event.tid}`, event.args.name]] : [],
    ),
  );
  expect(begun.map(({ pid, tid }) => lanes.get(`${pid} ${tid}`))).not.toContain(undefined);
  const claim = begun.find(({ name }) => name.startsWith("***"));
  expect(claim).toMatchObject({ ts: 190_000, cat: "ok" });
  expect(lanes.get(`${claim?.pid} ${claim?.tid}`)).toBe("worker-v5-1");
  expect(text).not.toContain("worker.claim");
});
