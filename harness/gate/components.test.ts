import { expect, test } from "vitest";
import type { AttestedBuild, RunEvent } from "../history/event.ts";
import { componentsIn } from "./components.ts";
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

test("that are different builds stay what they are: none of them is taken for all", () => {
  expect(componentsIn(unlike, runWith(2))).toEqual(unlike);
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
