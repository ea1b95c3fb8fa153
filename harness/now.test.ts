import { afterEach, expect, test, vi } from "vitest";
import { now } from "./now.ts";

afterEach(() => void vi.useRealTimers());

test("a clock that is set back moves no moment", () => {
  const before = now();
  expect(Math.abs(before - Date.now())).toBeLessThan(60_000);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 3_600_000 });
  const after = now();
  expect(after).toBeGreaterThanOrEqual(before);
  expect(after - before).toBeLessThan(60_000);
});
