import { describe, expect, test } from "vitest";
import { usualScenarios } from "../../../../harness/explore/workloads.ts";
import { config, releases } from "../../../status-sync/system.ts";
import { cutOff, cuts, failures, underWay, wrongWith } from "./every-kind.ts";

/**
 * For nine minutes a part of the service is cut off while jobs of every kind are under way. Afterwards each has ended as
 * its scenario promises: those that ran were completed or tried again, and those that were due have run, once.
 */

const early = [0.2, 0.5, 0.75];
const kinds = usualScenarios(config.scenarios).map(({ name }) => name);
/** Without a database the model of the contract must leave so much open that each of them takes seconds. */
const momentsOf = (name: string) => (name.includes("database") ? [0.5] : early);
const cutNamed = (name: string) => {
  const cut = cuts[name];
  if (cut === undefined) throw new Error(`nothing is called ${name}`);
  return cut;
};

describe("for nine minutes", () => {
  const seen = new Set<string>();

  test.each(Object.keys(cuts))("%s", async (name) => {
    const runs = await cutOff(cutNamed(name), "change", momentsOf(name));
    expect(runs.flatMap(wrongWith)).toEqual([]);
    expect(runs.flatMap(failures)).toEqual([]);
    for (const run of runs) for (const kind of underWay(run)) seen.add(kind);
  });

  test("jobs of every kind were under way when it began", () => {
    expect([...seen].toSorted()).toEqual(kinds.toSorted());
  });
});

/** Also while the first jobs run: an INSERT is over early. */
const wrongMoments = [0.1, ...early];

/** Builds that are right as long as nothing is cut off. */
const ofWorkers = (id: string) => ({ ...releases, workers: { v5: id, v6: id } });
const ofApi = (id: string) => ({ ...releases, api: id });

test.each([
  ["workers v5 from the API", ofWorkers("no-ledger"), "I2"],
  ["workers v6 from the API", ofApi("no-takeover"), "C"],
  ["workers from the warehouse", ofWorkers("ambiguous-commit-is-error"), "I12"],
  ["one of two processes of the API", ofWorkers("heartbeat-error-kills"), "I12"],
  ["workers v5, while v6 go on", ofWorkers("report-lost-on-restart"), "I12"],
  ["workers v6, while v5 go on", ofApi("no-takeover"), "L1"],
])("%s under %j breaks %s", async (name, own, invariant) => {
  const runs = await cutOff(cutNamed(name), "change", wrongMoments, own);
  expect(runs.flatMap(wrongWith)).toContain(invariant);
});
