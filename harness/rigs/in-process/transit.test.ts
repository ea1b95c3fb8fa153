import fc from "fast-check";
import { expect, test } from "vitest";
import { LinkBroken } from "../../../contracts/in-process.ts";
import { isApplicable } from "../../schedule/applicable.ts";
import { lastsMs, processOf } from "../../schedule/faults.ts";
import type { Fault, LinkName, Planned, ProcessName, Site } from "../../schedule/schedule.ts";
import { anyFault, anySite } from "../../testing/faults.ts";
import { FaultPlane } from "../fault-plane.ts";
import { VirtualClock } from "./clock.ts";
import { SimulatedProcess } from "./process.ts";
import { type Actions, transit } from "./transit.ts";
import { turn } from "./transport.ts";

/** The smallest world: one caller, one server, calls one after the other until a site has been passed. */

const ends: Record<LinkName, [by: string, to: ProcessName | null]> = {
  "customer->api": ["customer", "api"],
  "worker->api": ["worker-v5-1", "api"],
  "api->database": ["api", "database"],
  "worker->warehouse": ["worker-v5-1", "database"],
  "worker->destination": ["worker-v5-1", null],
  "worker->disk": ["worker-v5-1", null],
  "api->notices": ["api", null],
};
const isHttp = (link: LinkName): boolean =>
  link.endsWith("->api") || link === "worker->destination" || link === "api->notices";

const process = (name: string) =>
  new SimulatedProcess(
    name,
    () => () => 0.5,
    () => new LinkBroken("reset"),
  );

/** What can be seen of a call that comes to a site, with these faults planned. `able`: the rig can do what it is told. */
async function seenAt({ link, operation, job, phase }: Site, faults: readonly Planned[], able = true) {
  const clock = new VirtualClock();
  const plane = new FaultPlane(faults);
  const log: string[] = [];
  const deed = (what: string) => (able ? () => void log.push(what) : null);
  const fired: Fault[] = [];
  const actions: Actions = {
    fired: (fault) => void fired.push(fault),
    killProcess: (which, _, { ms, release }) => deed(`${which.process} dies for ${ms}, back as ${release}`),
    pauseProcess: (which, _, ms) => deed(`${which.process} stands still for ${ms}`),
    stopProcess: (which, _, graceMs, { ms, release }) =>
      deed(`${which.process} ends within ${graceMs}, for ${ms}, back as ${release}`),
    surgeProcess: (which, _, { ms }) => deed(`${which.process} lives twice for ${ms}`),
    skewProcess: (which, _, ms) => deed(`the clock of ${which.process} jumps by ${ms}`),
    setSystem: (setting, value) => deed(`${setting} becomes ${value}`),
    shareCalls: (release, percent) => deed(`${percent} % go to ${release}`),
    cancelJob: (number) => deed(`job ${number} is to end`),
  };
  const [by, to] = ends[link];
  let arrivals = 0;
  void transit<string>(
    { clock, faults: plane, actions },
    {
      link,
      operation,
      job: phase === "before" ? job : null,
      jobOf: () => job,
      by: process(by),
      to: to && process(to),
      effect: async (server) => {
        arrivals += 1;
        const written = { table: "jobs", needsRoom: () => true };
        for (const statement of [1, 2, 3] as const) server(statement, written);
        server("commit");
        return "the reply";
      },
      ...(isHttp(link) ? { answer: (status: number) => `status ${status}` } : {}),
      serviceMs: 0,
    },
  ).then(
    (value) => void log.push(`${value} at ${clock.now()}`),
    (error) => void log.push(`${error.kind} at ${clock.now()}`),
  );
  do await turn();
  while (clock.step());
  return { call: { arrivals, log }, fired, unfired: plane.unfired() };
}

/** A fault that means something at its site and lasts, at the first call there. */
const planned = fc
  .record({ at: anySite(1).map((site) => ({ ...site, occurrence: 1 })), fault: anyFault })
  .filter(({ at, fault }) => isApplicable(at, fault, 1))
  // It comes to a statement of a transaction, not to its way: see suites/status-sync/orders.test.ts.
  .filter(({ fault }) => fault.kind !== "overtaken")
  .filter(({ fault }) => !["late", "half-open"].includes(fault.kind) || lastsMs(fault) !== 0)
  // A table that is full for no time refuses nobody; without `ms` it refuses the statement.
  .filter(({ fault }) => fault.kind !== "table-full" || fault.ms !== 0);

test("a fault that is allowed at a site fires there, and changes the call or a process", () =>
  fc.assert(
    fc.asyncProperty(planned, async (one) => {
      const untouched = await seenAt(one.at, []);
      expect(untouched.call).toEqual({ arrivals: 1, log: [expect.stringMatching(/^the reply at/)] });
      const { call, fired, unfired } = await seenAt(one.at, [one]);
      expect(fired).toEqual([one.fault]);
      expect(unfired).toEqual([]);
      expect(call).not.toEqual(untouched.call);
    }),
    { seed: 1, numRuns: 500 },
  ));

test("a fault that can do nothing does not fire, and the call passes untouched", () =>
  fc.assert(
    fc.asyncProperty(
      planned.filter(({ fault }) => fault.kind === "kill-job" || processOf(fault) !== null),
      async (one) => {
        const { call, fired, unfired } = await seenAt(one.at, [one], false);
        expect(fired).toEqual([]);
        expect(unfired).toEqual([one]);
        expect(call).toEqual((await seenAt(one.at, [])).call);
      },
    ),
    { seed: 1, numRuns: 100 },
  ));

test("a fault for the calls of another process does nothing, for those of this one it fires", async () => {
  const at = (by: string): Site => ({
    link: "worker->api",
    operation: "worker.finish",
    job: 1,
    occurrence: 1,
    phase: "after",
    by,
  });
  const lost = { kind: "lost" } as const;
  const others = { at: at("worker-v5-2"), fault: lost };
  const { call, unfired } = await seenAt(others.at, [others, { at: at("worker-v5-1"), fault: lost }]);
  expect(unfired).toEqual([others]);
  expect(call.log).toEqual([expect.stringMatching(/^reset at/)]);
});
