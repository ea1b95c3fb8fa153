import { expect, test } from "vitest";
import type { Fault, Schedule } from "../schedule/schedule.ts";
import { planTree } from "./plan-tree.ts";

const at = { link: "worker->api", operation: "worker.claim", job: 1, occurrence: 1, phase: "after" } as const;
/** `api a2` is a version step, `api` one that fails. */
const plan = (...steps: string[]): Pick<Schedule, "faults"> => ({
  faults: steps.map((step) => {
    const [name = "", release] = step.split(" ");
    const process = name.startsWith("api") ? ("api" as const) : ("worker" as const);
    const fault: Fault =
      release === undefined
        ? { kind: "kill", process, name, ms: 300 }
        : { kind: "version", process, name, release, ms: 300 };
    return { at, fault };
  }),
});

test("plans that begin alike are one branch, with how many they are", () => {
  const plans = [
    plan("api a2"),
    plan("api a2"),
    plan("api a2", "api a1"),
    plan("api a2", "api", "api a1"),
    plan("worker-v5-1 new", "worker-v5-1.life-2 old"),
  ];
  expect(planTree(plans)).toEqual([
    "├ api becomes a2: 4",
    "│ ├ no step more: 2",
    "│ ├ api becomes a1: 1",
    "│ └ api fails: 1",
    "└ worker-v5-1 becomes new: 1",
    "  └ worker-v5-1 becomes old: 1",
  ]);
});

test("it stays short, and leaves nothing out", () => {
  const many = Array.from({ length: 500 }, (_, i) =>
    plan(`api a${i % 40}`, `api-2 a${i % 7}`, `worker-v5-1 w${i}`),
  );
  const lines = planTree(many);
  expect(lines.length).toBeLessThan(60);
  const tops = lines.filter((line) => /^[├└]/.test(line));
  expect(tops.at(-1)).toMatch(/^└ 34 other steps: \d+$/);
  const counts = tops.map((line) => Number(line.split(": ").at(-1)));
  expect(counts.reduce((sum, one) => sum + one, 0)).toBe(500);
});

test("no plans are no lines", () => {
  expect(planTree([])).toEqual([]);
});
