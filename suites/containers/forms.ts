import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { RunResult } from "../../harness/matrix/result.ts";
import type { Replay } from "../../harness/replay/replay.ts";
import type { Planned, Schedule } from "../../harness/schedule/schedule.ts";
import type { Ended } from "./interlock.ts";
import { configFile, type Place } from "./place.ts";
import { site } from "./schedule-bed.ts";

/** Runs and replays on systems whose components have forms of their own: images, programs of this machine, URLs. */

export const run = (config: string) => [
  "run",
  "--json",
  "--config",
  configFile(config),
  ...["web", "mysql-append", "insert-into"].flatMap((scenario) => ["--cell", `current/*/${scenario}`]),
];

export const expectGreen = ({ exitCode, stdout, stderr }: Ended): RunResult => {
  expect({ exitCode, stderr, stdout }).toEqual({ exitCode: 0, stderr, stdout });
  const result = JSON.parse(stdout) as RunResult;
  expect(result.cells.map(({ verdict }) => verdict)).toEqual(Array.from({ length: 9 }, () => "pass"));
  return result;
};

/** Replays a schedule in containers on a config. */
export async function replay(
  place: Place,
  config: string,
  schedule: Schedule,
  env: Record<string, string> = {},
) {
  await writeFile(join(place.folder, "schedule.json"), JSON.stringify(schedule));
  const argv = ["replay", "schedule.json", "--rig", "containers", "--json", "--config", configFile(config)];
  const { exitCode, stdout, stderr } = await place.interlock(argv, env).ended;
  expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/^\{/), stderr });
  return { exitCode, ...(JSON.parse(stdout) as Replay) };
}

export const whole = { exitCode: 0, outcome: "whole", broken: [], unfired: [] };

/** One on every link that such a job uses. */
export const onLinks: Planned[] = [
  { at: site("after", "job.issue", "customer->api"), fault: { kind: "lost" } },
  { at: site("after", "deliver", "worker->destination"), fault: { kind: "truncated" } },
  { at: site("after", "saveResult", "worker->warehouse"), fault: { kind: "lost" } },
  { at: site("before", "worker.finish", "worker->api"), fault: { kind: "late", ms: 1_000 } },
  { at: site("after", "worker.finish", "api->database", null), fault: { kind: "lost" } },
];
