import { expect, test, vi } from "vitest";
import type { Back, Surge } from "../../../../schedule/effect.ts";
import { type Schedule, scheduleFormat } from "../../../../schedule/schedule.ts";
import type { ContainersRig } from "../../system/open-rig.ts";
import type { ScheduleLife } from "../life.ts";
import { ProcessEvents } from "./process-events.ts";

/** A process that an engine obeys at once; it ends by itself only when it is told to. */
function process(name: string) {
  const ended = Promise.withResolvers<void>();
  const handle = {
    name,
    end: ended.resolve,
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
  return handle;
}

/** A rig of which only the API's process is there. */
function apiAlone() {
  const seen: string[] = [];
  const handle = process("api");
  const startAs = async (_: unknown, release: string) => {
    seen.push(`became ${release}`);
    handle.state = "running";
  };
  const api = { name: "api", handle };
  const rig = { clockwork: { timeScale: 0.001 }, apis: [api], workers: [], startAs };
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
    end: handle.end,
    whenUp: () => events.up().then(() => void seen.push("up")),
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

test("jobs that follow one another wait from the moment when a process is to end until it is up", async () => {
  const { end, kill, seen, stop, whenUp } = apiAlone();
  await kill(50, "next");
  await whenUp();
  const stopped = stop(3_600_000, { ms: 50 });
  const isUp = whenUp();
  await stopped;
  end();
  await isUp;
  await kill(null);
  await whenUp();
  expect(seen).toEqual([
    "exited for 50 ms",
    "became next",
    "started as release next",
    "up",
    "stopping within 3600000 ms",
    "exited for 50 ms",
    "api is held",
    "started again",
    "up",
    "exited for ever",
    "up",
  ]);
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

/** A rig of which only a worker is there; its next life asks for work when it is told to. */
async function workerAlone() {
  const seen: string[] = [];
  let hasAsked = false;
  const worker = (name: string, planned: string) => {
    return { name, planned, handle: process(name), generation: "v5", index: 1 };
  };
  const first = worker("worker-v5", "worker-v5-1");
  const next = worker("worker-v5.life-2", "worker-v5-1.life-2");
  const rig = {
    clockwork: { timeScale: 0.001 },
    config: { limits: { readyMs: 60_000 } },
    workers: [first],
    startBeside: async (_: unknown, release = "itself") => {
      seen.push(`${release} begins`);
      return { worker: next, build: { release, digest: null, image: null } };
    },
  };
  const life = {
    record: ({ component, what, detail }: Record<string, string>) =>
      void seen.push(`${component} ${what} ${detail}`),
    haveAsked: () => hasAsked,
  } as unknown as ScheduleLife;
  const events = new ProcessEvents(rig as unknown as ContainersRig);
  await events.onlyNeeded(scheduleOf());
  const holdOthers = async (event: Promise<string | null>) => void seen.push(`${await event} is held`);
  const act = async (deed: (() => Promise<unknown>) | null) => {
    await deed?.();
    return deed !== null;
  };
  return {
    seen,
    events,
    first: first.handle,
    next: next.handle,
    ask: () => {
      hasAsked = true;
    },
    surge: (surge: Surge) => act(events.surge(life, "worker", "customer", { ...surge, holdOthers })),
    kill: (ms: number) => act(events.kill(life, "worker", "worker-v5-1", { ms })),
    living: () => events.living.map(({ name }) => name),
    whenUp: () => events.up().then(() => void seen.push("up")),
    over: () => vi.waitUntil(() => events.pending === 0, { interval: 1 }),
  };
}

const scheduleOf = (): Schedule => ({
  format: scheduleFormat,
  workload: { jobs: [{ scenario: "web", engine: "presto" }], workers: 1 },
  releases: { api: "current", workers: {} },
  seed: 1,
  faults: [],
});

test("the next life of a worker is there beside it before it is asked to end, and stays in its place", async () => {
  const { seen, first, ask, surge, living, over, events } = await workerAlone();
  expect(await surge({ ms: 5, graceMs: 3_600_000, release: "next" })).toBe(true);
  expect(seen).toEqual(["next begins", "worker-v5.life-2 started as release next beside worker-v5"]);
  expect([living(), first.state]).toEqual([["worker-v5", "worker-v5.life-2"], "running"]);
  expect(events.pending).toBe(1);
  ask();
  await vi.waitUntil(() => first.state === "ending", { interval: 1 });
  first.end();
  await over();
  expect(seen.slice(2)).toEqual([
    "worker-v5 stopping within 3600000 ms",
    "worker-v5 retired worker-v5.life-2 is in its place",
    "worker-v5 is held",
  ]);
  expect(living()).toEqual(["worker-v5.life-2"]);
  expect(events.plannedName("worker-v5.life-2")).toBe("worker-v5-1.life-2");
});

test("one that does not end is killed when its grace is over, and one that is being replaced is replaced once", async () => {
  const { first, ask, surge, over } = await workerAlone();
  expect([await surge({ ms: 5, graceMs: 50 }), await surge({ ms: 5, graceMs: 50 })]).toEqual([true, false]);
  ask();
  await over();
  expect(first.state).toBe("dead");
});

test("one that dies while it is being replaced is not started again", async () => {
  const { seen, ask, surge, kill, over } = await workerAlone();
  await surge({ ms: 5, graceMs: 50 });
  expect(await kill(100_000)).toBe(true);
  ask();
  await over();
  expect(seen.slice(2)).toEqual([
    "worker-v5 exited for 100000 ms",
    "worker-v5 retired worker-v5.life-2 is in its place",
  ]);
});

test("after a schedule the workers are those that there were before it", async () => {
  const { first, next, ask, surge, over, events } = await workerAlone();
  await surge({ ms: 5, graceMs: 50 });
  ask();
  await over();
  expect((await events.restore()).map(({ name }) => name)).toEqual(["worker-v5"]);
  expect([first.state, next.state]).toEqual(["running", "dead"]);
});
