import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { Ended } from "./interlock.ts";
import { configFile, expectNothingLeft, openPlace, type Place } from "./place.ts";

/** A run that is stopped from outside: exit 130, one word about it, and nothing left the moment it ends. */
const run = (config: string) => ["run", "--config", configFile(config)];

const expectStopped = async (place: Place, { exitCode, stdout, stderr }: Ended, signal: string) => {
  expect(stderr).toMatch(
    new RegExp(`interlock: stopped by ${signal}; everything that was started is removed\n$`),
  );
  expect(stderr).not.toMatch(/^\s+at /m);
  expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: "" });
  expect(await place.runs()).toHaveLength(1);
  await expectNothingLeft(place);
};

describe("a run that is stopped", () => {
  test("by Ctrl-C while a component is waited for ends at once", async () => {
    await using place = await openPlace();
    const interlock = place.interlock(run("endless/waiting"));
    await interlock.said("worker-v6");
    const asked = performance.now();
    interlock.kill("SIGINT");
    const ended = await interlock.ended;
    const took = performance.now() - asked;
    await expectStopped(place, ended, "SIGINT");
    expect(took).toBeLessThan(3_000);
  });

  test("by Ctrl-C while the jobs of the whole matrix are under way ends within seconds", async () => {
    await using place = await openPlace();
    const interlock = place.interlock([
      "run",
      "--config",
      resolve(import.meta.dirname, "../../interlock.config.ts"),
    ]);
    await interlock.said(/\d of \d+ jobs have ended/);
    const asked = performance.now();
    interlock.kill("SIGINT");
    await expectStopped(place, await interlock.ended, "SIGINT");
    expect(performance.now() - asked).toBeLessThan(10_000);
  });

  test("by SIGTERM, as CI does, ends in the same way", async () => {
    await using place = await openPlace();
    const interlock = place.interlock(run("endless/contained"));
    await interlock.said("issuing the jobs");
    interlock.kill("SIGTERM");
    await expectStopped(place, await interlock.ended, "SIGTERM");
  });
});

test("a run whose progress nobody reads any longer comes to its verdict all the same", async () => {
  await using place = await openPlace();
  const config = resolve(import.meta.dirname, "../../interlock.config.ts");
  const interlock = place.interlock(["run", "--config", config, "--cell", "current/v6-*/web", "--json"]);
  await interlock.said("issuing the jobs");
  interlock.stopListening();
  const { exitCode, stdout } = await interlock.ended;
  expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { verdict: "pass" }]);
  await expectNothingLeft(place);
});
