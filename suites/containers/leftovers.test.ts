import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { unattestedIn } from "../../harness/evidence/read.ts";
import { dockerEngine } from "../../harness/rigs/containers/docker/engine.ts";
import { historyFile } from "../../harness/run-files.ts";
import type { Interlock } from "./interlock.ts";
import { inEngine } from "./leftovers.ts";
import { configFile, expectNothingLeft, openPlace, type Place } from "./place.ts";

/** What a run leaves that is killed without warning, and how it goes away: its own things, and nobody else's. */
const contained = ["run", "--config", configFile("endless/contained")];
const sweep = ["clean"];

/** A run in mid-run, and its id. */
async function underWay(place: Place): Promise<{ run: string; interlock: Interlock }> {
  const before = await place.runs();
  const interlock = place.interlock(contained);
  await interlock.said("issuing the jobs");
  const run = (await place.runs()).find((id) => !before.includes(id)) as string;
  return { run, interlock };
}

/** A run that was killed in mid-run; its container, network and processes are still there. */
async function killed(place: Place): Promise<string> {
  const others = await place.processes();
  const { run, interlock } = await underWay(place);
  const folder = join(place.folder, ".interlock/runs", run);
  await vi.waitFor(() => readFile(join(folder, historyFile)), 30_000);
  interlock.kill("SIGKILL");
  await interlock.ended;
  // Nobody can say later that it never was.
  expect(await unattestedIn([folder])).toMatchObject([{ folder, builds: expect.any(Array) }]);
  expect(await inEngine(run)).toEqual(["container destination-web", `network interlock-${run}`]);
  expect((await place.processes()).filter((pid) => !others.includes(pid))).toHaveLength(6);
  return run;
}

/** A container of somebody else, in a network of somebody else; both have no label of ours. */
async function stranger() {
  const docker = await dockerEngine();
  const name = `stranger-${randomUUID()}`;
  const network = await docker.createNetwork({ Name: name });
  const container = await docker.createContainer({
    name,
    Image: "interlock/web-destination:current",
    Env: ["PORT=8080"],
    HostConfig: { NetworkMode: name },
  });
  await container.start();
  return {
    join: (other: string) => docker.getNetwork(other).connect({ Container: name }),
    state: async () => {
      const { State, NetworkSettings } = await container.inspect();
      return { running: State.Running, networks: Object.keys(NetworkSettings.Networks) };
    },
    name,
    [Symbol.asyncDispose]: async () => {
      await container.remove({ force: true });
      await network.remove();
    },
  };
}

describe("a run that was killed", () => {
  test("is cleaned up after to the last process; a live run and a stranger's things stay as they are", async () => {
    await using place = await openPlace();
    await using other = await stranger();
    const { run: live, interlock } = await underWay(place);
    const liveThings = [await inEngine(live), await place.processes()];
    const dead = await killed(place);
    await other.join(`interlock-${dead}`);

    const { exitCode, stdout, stderr } = await place.interlock(sweep).ended;

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^removed \d+ containers, \d+ networks and 5 processes\n?$/);
    expect(await inEngine(dead)).toEqual([]);
    expect(await other.state()).toEqual({ running: true, networks: [other.name] });
    await vi.waitFor(async () => expect([await inEngine(live), await place.processes()]).toEqual(liveThings));
    interlock.kill("SIGINT");
    expect((await interlock.ended).exitCode).toBe(130);
    await expectNothingLeft(place);
  });

  test("is cleaned up after by the next run, whatever becomes of that", async () => {
    await using place = await openPlace();
    await killed(place);
    const { exitCode } = await place.interlock(["run", "--config", configFile("troubled/missing-image")])
      .ended;
    expect(exitCode).toBe(3);
    expect(await place.runs()).toHaveLength(2);
    await expectNothingLeft(place);
  });

  test("is cleaned up after by several sweeps at once that do not trip over each other", async () => {
    await using place = await openPlace();
    await killed(place);
    const sweeps = await Promise.all([sweep, sweep, sweep].map((argv) => place.interlock(argv).ended));
    expect(sweeps.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(
      sweeps.map(() => ({ exitCode: 0, stderr: "" })),
    );
    await expectNothingLeft(place);
  });
});
