import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { liveProgress } from "./progress.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Lines without their time, and the progress that writes them. */
function told() {
  const lines: string[] = [];
  const progress = liveProgress((line) => lines.push(line.replace(/^ *\d+\.\d s {2}/, "")));
  return { lines, progress };
}

test("a line has the seconds since the start", () => {
  const lines: string[] = [];
  using progress = liveProgress((line) => lines.push(line));
  vi.advanceTimersByTime(1_500);
  progress.phase("issuing the jobs");
  expect(lines).toEqual(["  1.5 s  issuing the jobs"]);
});

test("a silence of two seconds is ended by what goes on, with how much is done and how long is left", () => {
  const { lines, progress } = told();
  using _ = progress;
  progress.phase("single faults: 40 tasks");
  vi.advanceTimersByTime(2_000);
  progress.share(10, 40);
  vi.advanceTimersByTime(2_000);
  progress.share(20, 40, 11.2);
  vi.advanceTimersByTime(2_000);
  expect(lines).toEqual([
    "single faults: 40 tasks",
    "single faults: 40 tasks",
    "single faults: 40 tasks: 25 %, about 6 s left",
    "single faults: 40 tasks: 50 %, about 12 s left",
  ]);
});

test("what is done of a phase is no part of the next", () => {
  const { lines, progress } = told();
  using _ = progress;
  progress.phase("one");
  progress.share(1, 2);
  progress.phase("two");
  progress.share(0, 4);
  vi.advanceTimersByTime(2_000);
  expect(lines).toEqual(["one", "two", "two: 0 %"]);
});

test("components are told as they get ready, jobs as they end, though not each of many", () => {
  const { lines, progress } = told();
  using _ = progress;
  progress.ready("mysql");
  progress.ready("api");
  for (let done = 1; done <= 100; done += 1) progress.ended(done, 100);
  expect(lines).toEqual([
    "ready: mysql",
    "ready: mysql, api",
    "100 of 100 jobs have ended; looking at what they left, and at the API",
  ]);
});

test("nothing is said after its end", () => {
  const { lines, progress } = told();
  progress.phase("one");
  progress[Symbol.dispose]();
  vi.advanceTimersByTime(10_000);
  expect(lines).toEqual(["one"]);
});
