import { expect, test } from "vitest";
import type { Back } from "../../schedule/effect.ts";
import { VirtualClock } from "./clock.ts";
import { SimulatedProcess } from "./process.ts";
import { ProcessEvents } from "./process-events.ts";

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
  const victim = () => ({
    process,
    change: (release: string) => {
      next = release;
    },
    nextRelease: () => next,
    start: () => {
      process = life();
    },
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
