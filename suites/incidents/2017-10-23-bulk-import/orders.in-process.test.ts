import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { expect, test } from "vitest";
import { textField } from "../../../contracts/step.ts";
import { type Counterexample, parseCounterexample } from "../../../harness/replay/counterexample.ts";
import { judgeReplay } from "../../../harness/replay/replay.ts";
import type { Run } from "../../../harness/rigs/run.ts";
import { openRig } from "../../skew/rig.ts";

/** The orders that docs/incidents.md has of 2017-10-23, Bulk Import, each kept as the smallest schedule in which it comes about. */

const folder = "suites/incidents/2017-10-23-bulk-import/orders";

/** What customers and workers did, in the order in which the database was given it; looks are left out. */
const changes: ReadonlySet<string> = new Set([
  "bulk_import.perform",
  "bulk_import.commit",
  "bulk_import.delete",
  "worker.claim",
  "worker.import_part",
  "worker.finish",
  "job.kill",
]);

/** By build: the changes of its session in their order, each once where it comes again and again, and what was seen. */
const kept: readonly [build: string, order: string, seen: string][] = [
  [
    "ready-before-its-job-ends",
    "perform, claim, import_part, kill, commit, finish as killed",
    'expected "uploading", got "committed"',
  ],
  [
    "ready-whatever-its-job",
    "perform, claim, kill, finish as killed, commit",
    'expected "uploading", got "ready"',
  ],
  [
    "killed-perform-leaves-it",
    "perform, claim, kill, finish as killed",
    'expected "uploading", got "performing"',
  ],
  ["failed-commit-leaves-it", "commit, kill, delete", 'expected "ready", got "committing"'],
];

async function fileOf(build: string): Promise<Counterexample> {
  const path = `${folder}/${build}.json`;
  return parseCounterexample(await readFile(path, "utf8"), path);
}

async function runOf({ schedule }: Counterexample, api: string, faults = schedule.faults): Promise<Run> {
  await using rig = await openRig();
  const [run] = await rig.run([{ ...schedule, faults, releases: { ...schedule.releases, api } }]);
  return run as Run;
}

/** The changes in words, in the order in which the service answered them. */
const changesIn = ({ events }: Run): string[] =>
  events.flatMap((event) => {
    if (event.kind !== "exchange" || event.operation === null || !changes.has(event.operation)) return [];
    if ((event.served ?? event.status) !== 200 && event.operation !== "bulk_import.delete") return [];
    const what = event.operation.replace(/^\w+\./, "");
    return [event.operation === "worker.finish" ? `finish as ${textField(event.request, "status")}` : what];
  });

/** Whether these changes came in this order, whatever else came between them. */
function isIn(run: Run, order: string): boolean {
  const all = changesIn(run);
  let from = -1;
  return order.split(", ").every((step) => {
    from = all.indexOf(step, from + 1);
    return from >= 0;
  });
}

test.each(kept)("%s: %s", async (build, order, seen) => {
  const counterexample = await fileOf(build);
  const run = await runOf(counterexample, build);
  const replay = judgeReplay(counterexample, "simulated", run);
  expect(replay).toMatchObject({ outcome: "repeated", identical: true });
  expect(counterexample.expected.witnesses.join("; ")).toContain(seen);
  expect(`${isIn(run, order)}: ${changesIn(run).join(", ")}`).toMatch(/^true/);
});

test.each(kept)("%s needs all that is broken in it: %s", async (build, order) => {
  const counterexample = await fileOf(build);
  const { faults } = counterexample.schedule;
  for (const left of faults) {
    const run = await runOf(
      counterexample,
      build,
      faults.filter((one) => one !== left),
    );
    expect(isIn(run, order)).toBe(false);
  }
});

test.each(kept)("%s is not what the service is today", async (build) => {
  const replay = judgeReplay(null, "simulated", await runOf(await fileOf(build), "current"));
  expect(replay).toMatchObject({ outcome: "whole", unfired: [] });
});

test("the commands of docs/incidents.md repeat it, and show that it is mended", async () => {
  const file = `${folder}/killed-perform-leaves-it.json`;
  const exits = await Promise.all(
    [[], ["--api", "current"]].map(
      async (more) =>
        (await execa(process.execPath, ["harness/cli.ts", "replay", file, ...more], { reject: false }))
          .exitCode,
    ),
  );
  expect(exits).toEqual([1, 0]);
});
