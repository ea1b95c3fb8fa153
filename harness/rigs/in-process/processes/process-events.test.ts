import { expect, test } from "vitest";
import type { Back, Surge } from "../../../schedule/effect.ts";
import { VirtualClock } from "../clock.ts";
import { SimulatedProcess } from "../process.ts";
import { ProcessEvents, type Victim } from "./process-events.ts";

function oneProcess() {
  const clock = new VirtualClock();
  const seen: string[] = [];
  const events = new ProcessEvents(
    clock,
    (event) => void (event.kind === "component" && seen.push(`${event.what} ${event.detail}`.trim())),
  );
  const life = () =>
    new SimulatedProcess(
      "worker-v5-1",
      () => () => 0.5,
      () => new Error("lost"),
    );
  let process = life();
  let next: string | undefined;
  let ended = Promise.withResolvers<void>();
  const now = () => ({ process, ended: ended.promise });
  const victim = () => ({
    ...now(),
    now,
    change: (release: string) => {
      next = release;
    },
    nextRelease: () => next,
    start: () => {
      process = life();
      ended = Promise.withResolvers<void>();
    },
    startBeside: (release: string | undefined) => `life-2 ${release ?? ""}`.trim(),
    withdraw: () => void seen.push("is withdrawn"),
    leave: () => void seen.push("has left"),
  });
  return {
    seen,
    events,
    /** Whether it took hold. */
    kill: (back: Back) => {
      const deed = events.kill(victim(), back);
      deed?.();
      return deed !== null;
    },
    pause: (ms: number) => {
      const deed = events.pause(victim(), ms);
      deed?.();
      return deed !== null;
    },
    stop: (graceMs: number, back: Back) => {
      const deed = events.stop(victim(), graceMs, back);
      deed?.();
      return deed !== null;
    },
    surge: (surge: Surge) => {
      const deed = events.surge(victim(), surge);
      deed?.();
      return deed !== null;
    },
    /** Its program ends by itself. */
    end: async () => {
      ended.resolve();
      await ended.promise;
    },
    now: () => process,
    until: (ms: number) => {
      while (clock.now() < ms && clock.step());
    },
    pass: () => {
      while (clock.step());
    },
  };
}

test("a kill takes hold of whoever lives, and not of the dead", () => {
  const { kill, pass, seen } = oneProcess();
  expect([kill({ ms: 5 }), kill({ ms: 5 })]).toEqual([true, false]);
  pass();
  expect(seen).toEqual(["exited for 5 ms", "started again"]);
  expect([kill({ ms: null }), kill({ ms: 5 }), kill({ ms: 5, release: "next" })]).toEqual([
    true,
    false,
    false,
  ]);
});

test("a version step takes hold of a process that is down: its next life is of that release", () => {
  const { kill, pass, seen } = oneProcess();
  expect([kill({ ms: 5 }), kill({ ms: 5, release: "next" })]).toEqual([true, true]);
  pass();
  expect(seen).toEqual(["exited for 5 ms", "started as release next"]);
});

test("a pause takes hold of a process that runs, and of no other", () => {
  const { kill, pause, pass, seen } = oneProcess();
  expect([pause(5), pause(5)]).toEqual([true, false]);
  pass();
  expect(seen).toEqual(["paused for 5 ms", "resumed"]);
  expect([kill({ ms: null }), pause(5)]).toEqual([true, false]);
});

test("a process that ends when it is asked is started again so long after its end", async () => {
  const { end, now, pass, seen, stop } = oneProcess();
  const first = now();
  expect([stop(50, { ms: 5 }), stop(50, { ms: 5 })]).toEqual([true, false]);
  expect([first.stopSignal.aborted, first.closed, first.dead]).toEqual([true, true, false]);
  await end();
  expect(first.dead).toBe(false);
  pass();
  expect(first.dead).toBe(true);
  expect(seen).toEqual(["stopping within 50 ms", "exited for 5 ms", "started again"]);
  expect(now()).not.toBe(first);
});

test("one that does not is killed when its grace is over, and one that is killed before is started once", () => {
  const { kill, pass, seen, stop, until } = oneProcess();
  expect(stop(50, { ms: 5, release: "next" })).toBe(true);
  pass();
  expect(seen).toEqual(["stopping within 50 ms", "exited for 5 ms", "started as release next"]);
  seen.length = 0;
  expect([stop(50, { ms: null }), kill({ ms: 7 })]).toEqual([true, true]);
  until(200);
  expect(seen).toEqual(["stopping within 50 ms", "exited for 7 ms", "started as release next"]);
});

test("a process that stands still hears that it is asked to end when it goes on", () => {
  const { now, pause, pass, stop, surge } = oneProcess();
  expect([pause(5), stop(50, { ms: 5 }), surge({ ms: 1, graceMs: 1 })]).toEqual([true, false, false]);
  now().stop();
  expect(now().stopSignal.aborted).toBe(false);
  pass();
  now().stop();
  expect(now().stopSignal.aborted).toBe(true);
});

test("a life that is replaced goes on beside its successor, is asked to end, and never comes back", async () => {
  const { end, now, pass, seen, surge, until } = oneProcess();
  expect([surge({ ms: 5, graceMs: 50 }), surge({ ms: 5, graceMs: 50 })]).toEqual([true, false]);
  expect([now().closed, ...seen]).toEqual([false, "started beside worker-v5-1"]);
  until(5);
  expect(now().closed).toBe(true);
  await end();
  pass();
  expect(seen).toEqual([
    "started beside worker-v5-1",
    "is withdrawn",
    "stopping within 50 ms",
    "has left",
    "retired life-2 is in its place",
  ]);
});

test("a life that dies while it is being replaced is not started again", () => {
  const { kill, pass, seen, surge } = oneProcess();
  expect([surge({ ms: 5, graceMs: 50, release: "next" }), kill({ ms: 20 })]).toEqual([true, true]);
  pass();
  expect(seen).toEqual([
    "started as release next beside worker-v5-1",
    "exited for 20 ms",
    "is withdrawn",
    "has left",
    "retired life-2 next is in its place",
  ]);
});

test("a clock that has jumped stays so for the next life, and twice adds up", () => {
  const { events, now } = oneProcess();
  const victim = { process: now() } as Victim;
  events.skew(victim, 5_000)?.();
  events.skew(victim, -7_000)?.();
  expect([now().skewMs, events.skewOf("worker-v5-1"), events.skewOf("api")]).toEqual([-2_000, -2_000, 0]);
});
