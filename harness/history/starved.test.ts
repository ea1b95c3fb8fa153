import { describe, expect, test } from "vitest";
import { machineEvent } from "../testing/whole-history.ts";
import type { HistoryEvent, MachineEvent } from "./event.ts";
import { type MachineFigures, machineIn, together } from "./machine.ts";
import { greedyOf, starvedBy } from "./starved.ts";

/** A history of half seconds of the machine, the first of which ends at 500. */
const history = (...parts: Partial<MachineEvent>[]): HistoryEvent[] =>
  parts.map((more, i) => ({ seq: i, at: 500 * (i + 1), ...machineEvent(more) }));

const figures = (...parts: Partial<MachineEvent>[]): MachineFigures =>
  machineIn(history(...parts)) as MachineFigures;

const uses = (used: Record<string, number | null>): MachineEvent["components"] =>
  Object.fromEntries(Object.entries(used).map(([name, usedMs]) => [name, { usedMs, heldMs: 0 }]));

describe("the figures", () => {
  test("are shares of the real time that they are about", () => {
    expect(figures({}, { lagMs: 80, busyMs: 10 })).toEqual({
      ms: 1000,
      cores: 2,
      lagMs: 80,
      own: 0.08,
      busy: 1,
      others: 1 - 0.08 - 0.1,
      waited: 0.96,
      components: { api: { used: 0.06, held: 0 }, "worker-v5": { used: 0.04, held: 0 } },
    });
  });

  test("of a stretch begin in the half second in which it begins and end in that in which it ends", () => {
    const parts = history({ lagMs: 1 }, { lagMs: 2 }, { lagMs: 3 }, { lagMs: 4 });
    expect(machineIn(parts, { from: 600, to: 1200 })).toMatchObject({ ms: 1000, lagMs: 3 });
    expect(machineIn(parts, { from: 2000, to: 3000 })).toBeNull();
    expect(machineIn([])).toBeNull();
  });

  test("that nothing tells are null, and what is left is others'", () => {
    expect(figures({ busyMs: null, waitedMs: null })).toMatchObject({
      busy: null,
      others: null,
      waited: null,
    });
    expect(figures({ components: uses({ api: null }) })).toMatchObject({
      others: (990 - 40) / 500,
      components: { api: { used: null } },
    });
    // While it was dead.
    expect(figures({ components: uses({ api: null }) }, { components: uses({ api: 100 }) })).toMatchObject({
      components: { api: { used: 0.1 } },
    });
  });
});

describe("two systems side by side", () => {
  const both = (used: number) => {
    const one = figures({ busyMs: 1_000, components: uses({ api: used }) });
    return together({ name: "deployed", figures: one }, { name: "candidate", figures: one });
  };

  test("are no others to one another", () => {
    expect(both(200).others).toBeCloseTo(2 - 0.08 - 0.8);
    expect(both(200)).toMatchObject({
      components: { "deployed api": { used: 0.4 }, "candidate api": { used: 0.4 } },
    });
    expect(starvedBy(both(400))).toBeNull();
    expect(starvedBy(both(20))).toMatch(/^others starved the machine/);
  });
});

describe("a machine starves the system", () => {
  const greedy = uses({ api: 10, "worker-v5": 90 });
  const quota = { api: { usedMs: 5, heldMs: 0 }, "worker-v5": { usedMs: 5, heldMs: 400 } };
  test.each<[string, Partial<MachineEvent>, RegExp | null]>([
    ["when others use all of it", {}, /^others starved the machine: others used 1\.80 of 2 cores/],
    ["also where nothing tells who waits", { waitedMs: null }, /^others starved/],
    ["not when others leave a third", { busyMs: 990, ownMs: 400 }, null],
    ["not when a core is idle", { busyMs: 500 }, null],
    ["not when nobody waits", { waitedMs: 100 }, null],
    ["not where nothing tells its use", { busyMs: null }, null],
    ["not when a component uses it as well", { components: greedy }, null],
    [
      "when a quota holds a component",
      { busyMs: 100, components: quota },
      /^a CPU quota kept worker-v5 from running for 80 %/,
    ],
    [
      "when Interlock does not get its turn",
      { busyMs: 100, lagMs: 5_000 },
      /^Interlock itself stood still for 5\.0 s/,
    ],
    ["not when Interlock was busy itself", { busyMs: 100, lagMs: 5_000, ownMs: 4_000 }, null],
    ["not when a component keeps Interlock from its turn", { lagMs: 5_000, components: greedy }, null],
  ])("%s", (_, more, says) => {
    expect(starvedBy(figures(more)) ?? "it gave time").toMatch(says ?? /^it gave time$/);
  });

  test.each<[Record<string, number | null>, string | null]>([
    [{ api: 35, "worker-v5": 25, mysql: 25 }, null],
    [{ api: 10, "worker-v5": 90 }, "worker-v5"],
    // The largest share of almost nothing says nothing.
    [{ api: 1, "worker-v5": 9 }, null],
    [{ api: 20, "worker-v5": null }, "api"],
    [{}, null],
  ])("of components that used %j the greedy one is %s", (used, name) => {
    expect(greedyOf(figures({ components: uses(used) }))).toBe(name);
  });
});
