import { expect, test } from "vitest";
import type { Scenario } from "../schedule/scenario.ts";
import { untold } from "./untold.ts";

const jobOf = (kind: Scenario["statement"]["kind"]) => ({
  scenario: { statement: { kind } } as Scenario,
});

test("notices that nobody sends are told as not compared where there is a scheduled query", () => {
  const jobs = [jobOf("select"), jobOf("scheduled-query")];
  expect(untold(jobs, undefined)).toEqual(["notices of scheduled queries: the API sends none to Interlock"]);
  expect(untold(jobs, { withinMs: 1 })).toEqual([]);
  expect(untold([jobOf("select")], undefined)).toEqual([]);
});
