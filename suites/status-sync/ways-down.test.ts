import { describe, expect, test } from "vitest";
import { baseSchedule } from "../../harness/explore/workloads.ts";
import type { ComponentEvent, ExchangeEvent, HistoryEvent } from "../../harness/history/event.ts";
import { allBroken, judgeHistory } from "../../harness/invariants/judge.ts";
import { direct, type Transport } from "../../harness/rigs/in-process/transport.ts";
import { openWire } from "../../harness/rigs/wire/wire.ts";
import type { Fault, Planned, Site } from "../../harness/schedule/schedule.ts";
import { releases, runOn } from "./system.ts";

/** A stop, a next life beside the last one and a clock that jumps do what they say, on both rigs in process. */

type Timed<E> = HistoryEvent & E;

const at = (link: Site["link"], operation: string, more: Partial<Site> = {}): Site => ({
  link,
  operation,
  job: link === "api->database" ? null : 1,
  occurrence: 1,
  phase: "before",
  ...more,
});

const transports = { simulated: () => direct, wire: openWire };

describe.each(Object.keys(transports) as (keyof typeof transports)[])("on the %s rig", (name) => {
  async function ran(faults: readonly Planned[], scenario = "insert-into", workers = 1) {
    const transport: Transport & Partial<Disposable> = transports[name]();
    try {
      const { workload, ...rest } = baseSchedule("presto", scenario, releases, 3);
      const [run] = await (await runOn(releases, transport))([
        { ...rest, workload: { ...workload, workers }, faults: [...faults] },
      ]);
      expect(run?.unfired).toEqual([]);
      const events = run?.events ?? [];
      expect(allBroken(judgeHistory(events))).toEqual([]);
      return seenIn(events);
    } finally {
      transport[Symbol.dispose]?.();
    }
  }
  const ranWith = (site: Site, fault: Fault, ...more: Planned[]) => ran([{ at: site, fault }, ...more]);
  const stop = (process: "api" | "worker", graceMs: number): Fault => ({
    kind: "stop",
    process,
    graceMs,
    ms: 5_000,
  });

  describe("a stop", () => {
    test("of a worker lets it end its job and send its report: no second attempt is needed", async () => {
      const { calls, told, when } = await ranWith(
        at("worker->warehouse", "insertInto"),
        stop("worker", 10_000),
      );
      expect(told).toEqual([
        "worker-v5-1 stopping within 10000 ms",
        "worker-v5-1 exited for 5000 ms",
        "worker-v5-1 started again",
      ]);
      const finishes = calls("worker.finish");
      expect(finishes).toMatchObject([{ status: 200, request: { attempt: 1, status: "success" } }]);
      const [stopping, exited, started] = when;
      expect(finishes[0]?.sent).toBeGreaterThan(stopping as number);
      expect(exited).toBeLessThan((stopping as number) + 2_000);
      expect((started as number) - (exited as number)).toBe(5_000);
      const asks = calls("worker.claim").filter(({ sent }) => sent > (stopping as number));
      expect(asks.length).toBeGreaterThan(0);
      expect(asks.filter(({ sent }) => sent < (started as number))).toEqual([]);
    });

    test("of a worker whose grace is too short for its job kills it to the millisecond", async () => {
      const { calls, when } = await ranWith(at("worker->warehouse", "insertInto"), stop("worker", 100));
      const [stopping, exited] = when;
      expect((exited as number) - (stopping as number)).toBe(100);
      expect(calls("worker.finish").at(-1)).toMatchObject({ status: 200, request: { attempt: 2 } });
    });

    test("of the API lets it answer what is in flight, and takes nothing new", async () => {
      const { calls, told, when } = await ranWith(
        at("api->database", "worker.finish"),
        stop("api", 10_000),
        // So that the report is under way for long enough that others come meanwhile.
        { at: at("api->database", "worker.finish", { phase: "after" }), fault: { kind: "late", ms: 3_000 } },
      );
      expect(told).toEqual(["api stopping within 10000 ms", "api exited for 5000 ms", "api started again"]);
      const [stopping, exited] = when as [number, number];
      expect(calls("worker.finish")).toMatchObject([{ status: 200, request: { attempt: 1 } }]);
      expect(exited - stopping).toBeGreaterThanOrEqual(3_000);
      const meanwhile = calls("job.show").filter(({ sent }) => sent > stopping + 10 && sent < exited - 10);
      expect(meanwhile.length).toBeGreaterThan(0);
      for (const look of meanwhile) expect(look).toMatchObject({ outcome: "fail", status: null });
    });

    test("of the API that would take longer than it may cuts what is in flight", async () => {
      const { calls } = await ranWith(at("api->database", "worker.finish"), stop("api", 60_000), {
        at: at("api->database", "worker.finish", { phase: "after" }),
        fault: { kind: "late", ms: 8_000 },
      });
      const [first, again] = calls("worker.finish");
      expect(first).toMatchObject({ status: null, outcome: "unknown" });
      // Its own limit, of five seconds.
      expect((first?.at ?? 0) - (first?.sent ?? 0)).toBeLessThan(6_000);
      expect(again).toMatchObject({ request: { attempt: 1 } });
    });
  });

  test("a surge has two lives at work for a while, each under its own name, and the first does not come back", async () => {
    const { calls, told, when } = await ranWith(at("worker->warehouse", "insertInto"), {
      kind: "surge",
      process: "worker",
      ms: 20_000,
      graceMs: 10_000,
    });
    expect(told).toEqual([
      "worker-v5-1.life-2 started beside worker-v5-1",
      "worker-v5-1 stopping within 10000 ms",
      "worker-v5-1 retired worker-v5-1.life-2 is in its place",
    ]);
    const [began, stopping, retired] = when as [number, number, number];
    expect(stopping - began).toBe(20_000);
    const claims = calls("worker.claim");
    const during = claims.filter(({ sent }) => sent > began && sent < stopping);
    expect(new Set(during.map(({ by }) => by))).toEqual(new Set(["worker-v5-1", "worker-v5-1.life-2"]));
    for (const { by, request } of claims) expect(request).toMatchObject({ worker: by });
    expect(calls("worker.finish")).toMatchObject([{ by: "worker-v5-1", status: 200 }]);
    expect(claims.filter(({ by, sent }) => by === "worker-v5-1" && sent > retired)).toEqual([]);
  });

  describe("a clock that jumps", () => {
    const createdAt = ({ reply }: ExchangeEvent) =>
      Date.parse(`${(reply as { created_at: string }).created_at.replace(" UTC", "Z").replace(" ", "T")}`);

    test.each([3_600_000, -3_600_000])(
      "by %i ms is that of the API, and shows in what it says",
      async (ms) => {
        const { calls } = await ranWith(at("customer->api", "job.issue"), {
          kind: "clock",
          process: "api",
          ms,
        });
        expect(createdAt(calls("job.show")[0] as ExchangeEvent)).toBe(ms);
      },
    );

    test("ahead of a lease lets another worker have the job, whose first worker is then heard no more", async () => {
      const faults = [
        {
          at: at("worker->api", "worker.heartbeat", { phase: "after" }),
          fault: { kind: "clock", process: "api", ms: 31_000 },
        },
        { at: at("worker->warehouse", "insertInto"), fault: { kind: "late", ms: 25_000 } },
      ] as const;
      const { calls } = await ran(faults, "insert-into", 2);
      expect(calls("worker.claim").filter(({ job }) => job !== null)).toHaveLength(2);
    });

    test("changes nothing outside of that worker", async () => {
      const jumped = (ms: number) =>
        ranWith(at("worker->api", "worker.claim", { job: null }), { kind: "clock", process: "worker", ms });
      const right = await jumped(0);
      for (const ms of [604_800_000, -604_800_000])
        expect((await jumped(ms)).exchanges).toEqual(right.exchanges);
    });
  });
});

function seenIn(events: readonly HistoryEvent[]) {
  const components = events.filter((event): event is Timed<ComponentEvent> => event.kind === "component");
  const exchanges = events.filter((event): event is Timed<ExchangeEvent> => event.kind === "exchange");
  return {
    told: components.map(({ component, what, detail }) => `${component} ${what} ${detail}`),
    when: components.map((event) => event.at),
    calls: (operation: string) => exchanges.filter((exchange) => exchange.operation === operation),
    exchanges,
  };
}

test("what a clock that is wrong excuses, one that nobody moved does not", async () => {
  const { workload, ...rest } = baseSchedule("presto", "insert-into", releases, 3);
  const faults: Planned[] = [
    { at: at("customer->api", "job.issue"), fault: { kind: "clock", process: "api", ms: 5_000 } },
  ];
  const [run] = await (await runOn())([{ ...rest, workload, faults }]);
  const events = run?.events ?? [];
  expect(allBroken(judgeHistory(events))).toEqual([]);
  const untold = events.filter(({ kind }) => kind !== "fault");
  expect(allBroken(judgeHistory(untold)).map(({ invariant }) => invariant)).toContain("C");
});
