import { expect, test } from "vitest";
import type { AttestedBuild, RunEvent } from "../history/event.ts";
import { componentOf, componentsIn, mixedIn } from "./components.ts";
import { mayHaveRun } from "./gather.ts";
import { buildOf } from "./testing/question.ts";

/** Several workers of a kind, as the components of the config. */

const attested = (component: string, mark: string): AttestedBuild => {
  const { release, digest, image } = buildOf(component, mark);
  return { component, release, digest: digest ?? "", image };
};
const runWith = (workers: number) => ({ schedule: { workload: { workers } } }) as RunEvent;
const api = attested("api", "a1");
const alike = [api, attested("worker-v5-1", "b1"), attested("worker-v5-2", "b1")];
const unlike = [api, attested("worker-v5-1", "b1"), attested("worker-v5-2", "b2")];

test("that are the same build are one", () => {
  expect(componentsIn(alike, runWith(2))).toEqual([api, attested("worker-v5", "b1")]);
});

test("that are processes of one API are one, whatever the workers are called", () => {
  const worker = attested("worker-2", "b1");
  expect(componentsIn([api, attested("api-2", "a1"), worker], runWith(1))).toEqual([api, worker]);
  const other = attested("api-2", "a2");
  expect(componentsIn([api, other, worker], runWith(1))).toEqual([api, attested("api", "a2"), worker]);
});

test.each([
  ["worker-v5.life-2", 1, "worker-v5"],
  ["worker-v5-1.life-3", 2, "worker-v5"],
  ["api-2", 1, "api"],
  ["worker-2.life-2", 1, "worker-2"],
  ["worker-2-1.life-2", 2, "worker-2"],
])("that are later lives are of the component of the first: %s of %s", (name, workers, component) => {
  expect(componentOf(attested(name, "b1"), runWith(workers))).toBe(component);
});

test("that are different builds are all of it, and none of them is taken for all", () => {
  const builds = componentsIn(unlike, runWith(2));
  expect(builds).toEqual([api, attested("worker-v5", "b1"), attested("worker-v5", "b2")]);
  expect([mixedIn(builds), mixedIn(componentsIn(alike, runWith(2)))]).toEqual(["worker-v5", null]);
});

test("a number that belongs to a name of the config stays", () => {
  expect(componentsIn([api, attested("worker-2", "b1")], runWith(1))).toEqual([
    api,
    attested("worker-2", "b1"),
  ]);
});

test("whatever one of them is, the run is looked into", () => {
  const run = { builds: unlike, later: [], images: {} };
  expect(["b1", "b2", "b3"].map((mark) => mayHaveRun(run, buildOf("worker-v5", mark)))).toEqual([
    true,
    true,
    false,
  ]);
});

test("a life of a worker whose name ends in a number is looked into", () => {
  const run = { builds: [api], later: [attested("worker-2.life-2", "b2")], images: {} };
  expect(["worker-2", "worker", "api"].map((name) => mayHaveRun(run, buildOf(name, "b2")))).toEqual([
    true,
    true,
    false,
  ]);
});
