import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { allBroken, judgeHistory } from "../invariants/judge.ts";
import { parseCounterexample } from "../replay/counterexample.ts";
import { scenarioOf } from "../testing/scenario.ts";
import { KeptFindings } from "./kept-findings.ts";
import { fakeRun } from "./testing/fake-run.ts";
import { baseSchedule } from "./workloads.ts";

/** Counterexamples are kept below the working directory. */
async function inOwnFolder(): Promise<void> {
  const before = process.cwd();
  const folder = await mkdtemp(join(tmpdir(), "interlock-findings-"));
  process.chdir(folder);
  onTestFinished(async () => {
    process.chdir(before);
    await rm(folder, { recursive: true });
  });
}

test("the first run that breaks an invariant is kept at once, and told", async () => {
  await inOwnFolder();
  const schedule = baseSchedule("presto", scenarioOf().name, { api: "current", workers: {} }, 1);
  const [run] = await fakeRun({ isWrong: () => true }).run([schedule]);
  if (run === undefined) throw new Error("there is no run");
  const broken = allBroken(judgeHistory(run.events));
  const [first] = broken;
  const noted: string[] = [];
  const kept = new KeptFindings((line) => noted.push(line));
  await kept.keep(run, broken);
  await kept.keep(run, broken);
  const ids = [...new Set(broken.map(({ invariant }) => invariant))];
  expect(noted).toHaveLength(ids.length);
  expect(kept.linesBut(undefined)).toEqual(noted);
  expect(kept.linesBut(first?.invariant)).toEqual(noted.slice(1));
  const [, file = ""] = /replay (\S+)/.exec(noted[0] ?? "") ?? [];
  expect(parseCounterexample(await readFile(file, "utf8"), file)).toMatchObject({
    schedule,
    expected: { invariant: first?.invariant, witnesses: first?.witnesses },
  });
});
