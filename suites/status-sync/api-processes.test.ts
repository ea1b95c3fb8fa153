import { describe, expect, test } from "vitest";
import { baseSchedule } from "../../harness/explore/workloads.ts";
import { historiesIn } from "../../harness/history/job-history.ts";
import { judgeHistory } from "../../harness/invariants/judge.ts";
import { abstractOutcome } from "../../harness/rigs/abstract-outcome.ts";
import { openWire } from "../../harness/rigs/wire/wire.ts";
import type { Planned, Schedule } from "../../harness/schedule/schedule.ts";
import { releases, runOn } from "./system.ts";

/** Several API processes on one database, also of different releases: a fleet while it is rolled out. */

const scheduleOf = (beside: string[], faults: Planned[] = [], api = "current"): Schedule => ({
  ...baseSchedule("presto", "web", { ...releases, api, beside }, 3),
  faults,
});

async function ran(schedule: Schedule) {
  const own = schedule.releases;
  const [run] = await (await runOn(own))([schedule]);
  using wire = openWire();
  const [onWire] = await (await runOn(own, wire))([schedule]);
  expect(abstractOutcome(onWire?.events ?? [])).toEqual(abstractOutcome(run?.events ?? []));
  expect(run?.unfired).toEqual([]);
  const events = run?.events ?? [];
  return {
    broken: judgeHistory(events).broken.map(({ invariant }) => invariant),
    components: events.flatMap((event) =>
      event.kind === "component" ? [`${event.component} ${event.what}`] : [],
    ),
    builds: events.flatMap((event) => (event.kind === "run" ? event.builds : [])),
    job: historiesIn(events).jobs[0],
  };
}

const at = (operation: string, occurrence: number, phase: "before" | "after" = "before") =>
  ({ link: "worker->api", operation, job: 1, occurrence, phase }) as const;

test.each([1, 2, 4])("%d more of the current release break nothing, and each is attested", async (count) => {
  const { broken, builds } = await ran(scheduleOf(Array.from({ length: count }, () => "current")));
  expect(broken).toEqual([]);
  expect(
    builds.filter(({ component }) => component.startsWith("api")).map(({ component }) => component),
  ).toEqual(["api", "api-2", "api-3", "api-4", "api-5"].slice(0, count + 1));
});

describe("a fleet of two releases", () => {
  test.each([
    ["current", "2015-08-24"],
    ["2015-08-24", "current"],
  ])(
    "%s with %s beside it is red where the one of 2015 hands out the job, and only there",
    async (api, beside) => {
      const verdicts = new Set<string>();
      for (const seed of [1, 2, 3, 4, 5, 6, 7, 8])
        verdicts.add((await ran({ ...scheduleOf([beside], [], api), seed })).broken.join());
      // Which worker asks first decides whose turn it is. The current one takes no success without a receipt.
      expect([...verdicts].sort()).toEqual(["", "E,C"]);
    },
  );
});

describe("a fault of an API hits the process that serves the call", () => {
  const kill = (ms: number | null): Planned["fault"] => ({ kind: "kill", process: "api", ms });

  test("a process that dies for ever leaves the others to go on", async () => {
    const { broken, components, job } = await ran(
      scheduleOf(["current", "current"], [{ at: at("worker.finish", 1), fault: kill(null) }]),
    );
    expect(components).toEqual([expect.stringMatching(/^api(-[23])? exited$/)]);
    expect({ broken, status: job?.final.stored }).toEqual({ broken: [], status: "success" });
  });

  test("the only one that dies is the one whose turn it was", async () => {
    const killed = new Set<string | undefined>();
    for (const operation of ["worker.heartbeat", "worker.receipt"]) {
      const fault = { at: at(operation, 1, "after"), fault: kill(1_000) };
      const { broken, components } = await ran(scheduleOf(["current"], [fault]));
      expect(broken).toEqual([]);
      killed.add(components[0]);
    }
    expect(killed).toEqual(new Set(["api exited", "api-2 exited"]));
  });
});
