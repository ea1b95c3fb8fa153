import { expect, test, vi } from "vitest";
import type { ContainersRig } from "../system/open-rig.ts";
import type { ScheduleLife } from "./life.ts";
import { ProcessEvents } from "./process-events.ts";

/** A rig of which only the API's process is there, and an engine that obeys at once. */
function apiAlone() {
  const seen: string[] = [];
  const handle = {
    name: "api",
    state: "running",
    kill: async () => {
      const lived = handle.state !== "dead";
      handle.state = "dead";
      return lived;
    },
    start: async () => {
      handle.state = "running";
    },
    pause: async () => {
      handle.state = "paused";
      return true;
    },
    resume: async () => {
      handle.state = "running";
    },
  };
  const startAs = async (_: unknown, release: string) => {
    seen.push(`became ${release}`);
    handle.state = "running";
  };
  const rig = { clockwork: { timeScale: 0.001 }, process: () => ({ handle }), startAs };
  const life = { record: ({ what, detail }: Record<string, string>) => void seen.push(`${what} ${detail}`) };
  const events = new ProcessEvents(rig as unknown as ContainersRig);
  const asLife = life as unknown as ScheduleLife;
  return {
    seen,
    /** Whether it takes hold; resolves when it was carried out. */
    kill: async (ms: number | null, release?: string) => {
      const deed = events.kill(asLife, "api", "customer", {
        ms,
        ...(release === undefined ? {} : { release }),
      });
      return { held: deed !== null, died: await deed?.() };
    },
    pause: async (ms: number) => {
      const deed = events.pause(asLife, "api", "customer", ms);
      await deed?.();
      return deed !== null;
    },
    over: () => vi.waitUntil(() => events.pending === 0, { interval: 1 }),
  };
}

test("a kill takes hold of whoever lives, and not of the dead", async () => {
  const { kill, over, seen } = apiAlone();
  expect(await kill(50)).toEqual({ held: true, died: "api" });
  expect(await kill(50)).toEqual({ held: false });
  await over();
  expect(seen).toEqual(["exited for 50 ms", "started again"]);
  expect(await kill(null)).toEqual({ held: true, died: "api" });
  expect(await kill(50)).toEqual({ held: false });
  expect(await kill(50, "next")).toEqual({ held: false });
});

test("a version step takes hold of a process that is down, and kills nobody", async () => {
  const { kill, over, seen } = apiAlone();
  await kill(50_000);
  const step = await kill(50, "next");
  await over();
  expect(step.held).toBe(true);
  expect(seen).toEqual(["exited for 50000 ms", "became next", "started as release next"]);
});

test("a pause takes hold of a process that runs, and of no other", async () => {
  const { kill, pause, over, seen } = apiAlone();
  expect([await pause(50_000), await pause(50)]).toEqual([true, false]);
  await over();
  expect(seen).toEqual(["paused for 50000 ms", "resumed "]);
  await kill(null);
  expect(await pause(50)).toBe(false);
});
