import { describe, expect, test, vi } from "vitest";
import type { MachineEvent } from "../../../history/event.ts";
import { cgroupFiles, cpuTimeIn, usedIn } from "./cpu-time.ts";
import type { Docker } from "./engine.ts";
import { busyIn, MachineWatch, machineEvent, waitedIn } from "./machine-watch.ts";

describe("the clocks of a container", () => {
  test("are files of its cgroup, of version 1 or 2", () => {
    const first = "4:cpu,cpuacct:/docker/abc\n3:memory:/docker/abc\n0::/\n";
    expect(cgroupFiles(first)).toEqual({
      usage: "/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpuacct.usage",
      stat: "/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.stat",
    });
    const stat = "/sys/fs/cgroup/system.slice/docker-abc.scope/cpu.stat";
    expect(cgroupFiles("0::/system.slice/docker-abc.scope\n")).toEqual({ usage: stat, stat });
  });

  test.each<[string | null, string | null, number | null, number]>([
    ["1500000\n", "nr_periods 5\nnr_throttled 2\nthrottled_time 3000000\n", 1.5, 3],
    ["", "usage_usec 2500\nuser_usec 1\nnr_throttled 1\nthrottled_usec 700\n", 2.5, 0.7],
    ["", "usage_usec 2500\n", 2.5, 0],
    [null, null, null, 0],
    ["", "", null, 0],
  ])("in %j and %j", (usage, stat, usedMs, heldMs) => {
    expect(cpuTimeIn(usage, stat)).toEqual({ usedMs, heldMs });
  });

  test("of a program are those of its process group, children that have ended included", () => {
    const stat = (name: string, group: number, ...ticks: number[]) =>
      `17 (${name}) S 1 ${group} 17 0 -1 0 0 0 0 0 ${ticks.join(" ")} 20 0`;
    expect(
      usedIn([stat("node", 17, 1, 2, 3, 4), stat("a ) b", 17, 10, 0, 0, 0), stat("x", 18, 99, 9, 9, 9)], 17),
    ).toBe(200);
  });
});

test("the clock of the machine leaves out what was idle", () => {
  expect(busyIn("cpu  10 1 5 1000 50 2 3 4 7 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n")).toBe(250);
  expect(busyIn("no such line")).toBeNull();
  expect(waitedIn("some avg10=1.00 avg60=0.00 avg300=0.00 total=1500\nfull avg10=0 total=7\n")).toBe(1.5);
  expect(waitedIn("")).toBeNull();
});

test("an event is what the clocks went on by; one that went back is that of a new life", () => {
  const before = {
    now: 100,
    ownMs: 10,
    busyMs: 50,
    waitedMs: null,
    components: { api: { usedMs: 90, heldMs: 4 } },
  };
  const after = {
    now: 600,
    ownMs: 30,
    busyMs: 150,
    waitedMs: 5,
    components: { api: { usedMs: 20, heldMs: 5 }, late: { usedMs: 7, heldMs: 0 } },
  };
  expect(machineEvent(before, after, Number.NaN, 2)).toEqual({
    kind: "machine",
    ms: 500,
    cores: 2,
    lagMs: 0,
    ownMs: 20,
    busyMs: 100,
    waitedMs: null,
    components: { api: { usedMs: 20, heldMs: 1 }, late: { usedMs: null, heldMs: 0 } },
  });
});

test("a watch tells of the rest when it is finished, and measures a program of this machine", async () => {
  const told: MachineEvent[] = [];
  const seat = () => ({ containerId: null, pid: process.pid });
  const watch = new MachineWatch({} as Docker, [{ name: "api", seat }], (event) => told.push(event));
  await vi.waitFor(() => expect(told.length).toBeGreaterThan(0), 10_000);
  const before = told.length;
  await watch.finished();
  expect(told.length).toBe(before + 1);
  expect(told[0]).toMatchObject({ kind: "machine", components: { api: { heldMs: 0 } } });
  expect((told[0] as MachineEvent).ms).toBeGreaterThan(0);
});
