import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Exploration } from "../../harness/explore/explore.ts";
import { type Docker, dockerEngine } from "../../harness/rigs/containers/docker/engine.ts";
import { configFile, expectNothingLeft, expectStopped, openPlace, type Place } from "../containers/place.ts";

/** Exploring a build that Interlock has no code of. */

const repo = "interlock-tests/own-worker-v5";
const tag = crypto.randomUUID();
let docker: Docker;
beforeAll(async () => {
  docker = await dockerEngine();
  await docker.getImage("interlock/worker-v5:current").tag({ repo, tag });
});
afterAll(() => docker.getImage(`${repo}:${tag}`).remove());

const which = ["--config", configFile("standard/own-image"), "--cell", "*/v5-presto/insert-into"];

const explore = (place: Place, ...flags: string[]) =>
  place.interlock(["explore", ...flags, ...which], { TEST_IMAGE: `${repo}:${tag}` });

describe("interlock explore --rig containers on an image of one's own", () => {
  test("tells the time that is left, keeps to its minutes, says what it left out, and leaves nothing", async () => {
    await using place = await openPlace();
    const explored = explore(place, "--rig", "containers", "--minutes", "1", "--json");
    const { exitCode, stdout, stderr, millis } = await explored.ended;
    const { tally, leftOut, phases } = JSON.parse(stdout) as Exploration;
    expect({ exitCode, found: tally.found, stderr }).toEqual({ exitCode: 0, found: [], stderr });
    expect(tally.schedules).toBeGreaterThan(5);
    expect(tally.invalid).toBe(0);
    expect(stderr).toMatch(/: \d+ %, about \d+ s left$/m);
    expect(leftOut).toContainEqual(expect.stringMatching(/^pairs of faults and random schedules/));
    expect(leftOut).toContainEqual(
      expect.stringMatching(/^\d+ of \d+ single faults since the time was over \(--minutes\)$/),
    );
    // What is under way at the end of the minute is finished.
    expect(phases[0]?.millis).toBeLessThan(90_000);
    expect(millis).toBeLessThan(150_000);
    await expectNothingLeft(place);
  }, 180_000);

  test("is stopped by Ctrl-C: exit 130, nothing left", async () => {
    await using place = await openPlace();
    const interlock = explore(place, "--rig", "containers", "--minutes", "1");
    await interlock.said("single faults:");
    await expectStopped(place, interlock);
  });

  test("is refused by the rigs in process, which have no code of it: exit 64", async () => {
    await using place = await openPlace();
    const { exitCode, stdout, stderr } = await explore(place, "--rig", "simulated").ended;
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
    expect(stderr).toContain(`worker-v5 current is the image ${repo}:${tag}`);
    expect(stderr).toContain("--rig containers runs it");
  });
});
