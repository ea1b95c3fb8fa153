import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, vi } from "vitest";
import { type Interlock, startInterlock } from "./interlock.ts";
import { inEngine, processesMarked, removeFromEngine } from "./leftovers.ts";

/** A working directory of one test's own, in which the command line runs as a user runs it. */
export interface Place {
  folder: string;
  /** Starts the command line there; what it starts inherits the place's mark. */
  interlock: (argv: readonly string[], env?: Record<string, string>) => Interlock;
  /** The ids of the runs that were made there. */
  runs: () => Promise<string[]>;
  /** Pids of processes that were started there, the command line itself included, and are alive. */
  processes: () => Promise<number[]>;
}

const root = resolve(import.meta.dirname, "../..");

/** A config for these tests, by folder and name. */
export const configFile = (name: string): string =>
  resolve(import.meta.dirname, "fixtures", `${name}.config.ts`);

/** When it is disposed of nothing of its runs may be left, in the engine or among the processes: else the test fails. */
export async function openPlace(): Promise<Place & AsyncDisposable> {
  await mkdir(join(root, ".interlock"), { recursive: true });
  const folder = await mkdtemp(join(root, ".interlock/place-"));
  const mark = randomUUID();
  const started: Interlock[] = [];
  const place: Place = {
    folder,
    interlock: (argv, env = {}) => {
      const one = startInterlock(argv, folder, { ...env, INTERLOCK_TEST_MARK: mark });
      started.push(one);
      return one;
    },
    runs: () => readdir(join(folder, ".interlock/runs")).catch(() => []),
    processes: () => processesMarked(mark),
  };
  const leave = async () => {
    for (const one of started) one.kill("SIGKILL");
    await Promise.all(started.map(({ ended }) => ended));
    const runs = await place.runs();
    try {
      await expectNothingLeft(place);
    } finally {
      await Promise.all(runs.map(removeFromEngine));
      for (const pid of await place.processes()) process.kill(pid, "SIGKILL");
      await rm(folder, { recursive: true });
    }
  };
  return { ...place, [Symbol.asyncDispose]: leave };
}

/** No container, network, volume or process of any run that was made in the place. */
export async function expectNothingLeft(place: Place): Promise<void> {
  for (const run of await place.runs()) expect({ run, left: await inEngine(run) }).toEqual({ run, left: [] });
  // A process that was just killed may take a moment to be gone.
  await vi.waitFor(
    async () => expect({ processes: await place.processes() }).toEqual({ processes: [] }),
    2_000,
  );
}

/** Ctrl-C ends a command of the place, and everything that it started. */
export async function expectStopped(place: Place, interlock: ReturnType<Place["interlock"]>): Promise<void> {
  interlock.kill("SIGINT");
  const { exitCode, stdout, stderr } = await interlock.ended;
  expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: "" });
  expect(stderr).toMatch(/stopped by SIGINT; everything that was started is removed\n$/);
  await expectNothingLeft(place);
}
