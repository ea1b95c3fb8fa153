import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Judgement } from "../../harness/invariants/judge.ts";
import type { RunResult } from "../../harness/matrix/result.ts";
import type { Ended } from "./interlock.ts";
import { inEngine } from "./leftovers.ts";
import { configFile, type Place } from "./place.ts";

/** A run over the whole standard matrix, and everything that it has left to read. */
export interface WholeRun {
  ended: Ended;
  result: RunResult;
  /** What `interlock check` says of its history. */
  checked: { exitCode: number | undefined; judgement: Pick<Judgement, "broken" | "loose"> };
  junit: string;
  /** What the config was given as secrets. */
  secrets: string[];
  /** Everything that was written or said: the files of the run's folder by name, stdout, stderr, JUnit. */
  texts: Map<string, string>;
  /** What was left in the engine and of processes the moment it had ended. */
  left: (string | number)[];
}

export async function wholeRun(place: Place, ...flags: string[]): Promise<WholeRun> {
  const argv = ["run", "--config", configFile("standard/recording"), "--junit", "junit.xml", ...flags];
  const ended = await place.interlock(argv, { TEST_SECRETS: join(place.folder, "secrets") }).ended;
  if (ended.exitCode !== 0 && ended.exitCode !== 1) throw new Error(`no verdict: ${ended.stderr}`);
  const [run = ""] = await place.runs();
  const left = [...(await inEngine(run)), ...(await place.processes())];
  const folder = join(place.folder, ".interlock/runs", run);
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((file) =>
    file.isFile(),
  );
  const texts = new Map<string, string>();
  for (const { parentPath, name } of files) texts.set(name, await readFile(join(parentPath, name), "latin1"));
  const junit = await readFile(join(place.folder, "junit.xml"), "utf8");
  for (const [name, text] of Object.entries({ stdout: ended.stdout, stderr: ended.stderr, junit }))
    texts.set(name, text);
  const given = (await readFile(join(place.folder, "secrets"), "utf8")).trim().split("\n");
  const result = JSON.parse(await readFile(join(folder, "result.json"), "utf8")) as RunResult;
  const check = await place.interlock(["check", join(folder, "history.jsonl"), "--json"]).ended;
  const checked = { exitCode: check.exitCode, judgement: JSON.parse(check.stdout) as Judgement };
  return { ended, result, checked, junit, secrets: [...new Set(given)], texts, left };
}
