import { afterEach, expect, test, vi } from "vitest";
import { watchClock } from "./wall-clock.ts";

afterEach(() => void vi.useRealTimers());

const set = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });

test.each([
  [-3_600_000, "it was set back by 3600.0 s"],
  [1_000, "it was set forward by 1.0 s"],
])("a clock that is moved by %d ms during a run is trouble", (ms, happened) => {
  const look = watchClock();
  set(ms);
  expect(look).toThrow(
    `the clock of this machine: expected nobody to set it during the run, but ${happened}`,
  );
});

test("a clock that was set before, or is put right by a little, is none", () => {
  set(-3_600_000);
  const look = watchClock();
  set(20);
  expect(look).not.toThrow();
});
