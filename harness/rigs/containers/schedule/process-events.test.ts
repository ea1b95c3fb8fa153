import { expect, test, vi } from "vitest";
import type { Back } from "../../../schedule/effect.ts";
import type { ContainersRig } from "../system/open-rig.ts";
import type { ScheduleLife } from "./life.ts";
import { ProcessEvents } from "./process-events.ts";

/** A rig of which only the API's process is there, and an engine that obeys at once. */
function apiAlone() {
  const seen: string[] = [];
  const ended = Promise.withResolvers<void>();
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
    life: 1,
    askToEnd: async () => {
      if (handle.state !== "running") return null;
      handle.state = "ending";
      handle.life += 1;
      return { ended: ended.promise };
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
    stop: async (graceMs: number, back: Back) => {
      const holdOthers = async (event: Promise<string | null>) => void seen.push(`${await event} is held`);
      const deed = events.stop(asLife, "api", "customer", { graceMs, back, holdOthers });
      await deed?.();
      return deed !== null;
    },
    end: ended.resolve,
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

test("a process that ends when it is asked is dead at once, and there again so long after", async () => {
  const { end, over, seen, stop, pause } = apiAlone();
  expect(await stop(3_600_000, { ms: 50 })).toBe(true);
  expect([await stop(10, { ms: 50 }), await pause(50)]).toEqual([false, false]);
  end();
  await over();
  expect(seen).toEqual(["stopping within 3600000 ms", "exited for 50 ms", "api is held", "started again"]);
});

test("one that does not is killed when its grace is over", async () => {
  const { over, seen, stop } = apiAlone();
  expect(await stop(50, { ms: 50, release: "next" })).toBe(true);
  await over();
  expect(seen.slice(0, 3)).toEqual(["stopping within 50 ms", "exited for 50 ms", "api is held"]);
  expect(seen.slice(3)).toEqual(["became next", "started as release next"]);
});

test("one that is killed before its grace is over is started once", async () => {
  const { kill, over, seen, stop } = apiAlone();
  expect(await stop(100_000, { ms: 50 })).toBe(true);
  expect((await kill(10)).held).toBe(true);
  await over();
  expect(seen).toEqual(["stopping within 100000 ms", "exited for 10 ms", "started again"]);
});
