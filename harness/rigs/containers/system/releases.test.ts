import { describe, expect, test } from "vitest";
import { checkConfig } from "../../../config/check-config.ts";
import type { Config } from "../../../config/config.ts";
import { type Schedule, scheduleFormat } from "../../../schedule/schedule.ts";
import { configWith } from "../../../testing/config.ts";
import { enginesOf, findReleases, generationsOf, missingReleases, workersFor } from "./releases.ts";

const worker = {
  image: "worker-v5",
  generation: "v5",
  engines: ["presto", "hive-cdh4"],
  releases: { older: { image: "worker-v5:older" }, local: { command: ["node", "worker.ts"] } },
};

/** `worker-v5` is an image with other releases, `worker-v6` a program; the API `next` runs at a URL. */
function config(): Config {
  const checked = checkConfig(configWith("workers.worker-v5", worker));
  if (!checked.ok) throw new Error(checked.problems.join("\n"));
  return checked.config;
}

const step = (process: "api" | "worker", release: string) =>
  ({ kind: "version", process, release, ms: 0 }) as const;

describe("the builds of a schedule", () => {
  test.each([
    ["the current ones", {}, "worker-v5"],
    ["the current ones by name", { v5: "current" }, "worker-v5"],
    ["another release of a worker", { v5: "older" }, "worker-v5:older"],
  ])("are %s, each of its generation and with its engines", (_, workers, image) => {
    const found = findReleases(config(), { api: "current", workers }, ["presto"]);
    expect(found.api).toMatchObject({ image: "api:current" });
    expect([...found.workers]).toMatchObject([
      ["worker-v5", { image, generation: "v5", engines: ["presto", "hive-cdh4"] }],
    ]);
    expect(found.later).toEqual([]);
  });

  test("are in any form: an image, a program, a URL", () => {
    const found = findReleases(config(), { api: "next", workers: { v5: "local" } }, ["presto", "hive-hdp2"]);
    expect(found.api).toMatchObject({ url: "http://127.0.0.1:8080" });
    expect(found.workers.get("worker-v5")).toMatchObject({ command: ["node", "worker.ts"] });
    expect(found.workers.get("worker-v6")).toMatchObject({ command: ["node", "worker-v6.ts"] });
  });

  test("of several API processes each have a name", () => {
    const releases = { api: "current", workers: {}, beside: ["next", "current"] };
    expect(findReleases(config(), releases, ["presto"]).beside).toMatchObject([
      ["api-2", { url: "http://127.0.0.1:8080" }],
      ["api-3", { image: "api:current" }],
    ]);
    expect(missingReleases(config(), { ...releases, beside: ["older", "older"] }, ["presto"])).toEqual([
      "api older",
    ]);
  });

  test("are not looked for where no job needs them", () => {
    const releases = { api: "current", workers: { v6: "nowhere" } };
    expect([...findReleases(config(), releases, ["presto"]).workers.keys()]).toEqual(["worker-v5"]);
  });

  test("that the config does not have are named all at once, with those that it has", () => {
    const releases = { api: "elsewhere", workers: { v5: "constructor", v6: "newer" } };
    expect(() => findReleases(config(), releases, ["presto", "hive-hdp2"])).toThrow(
      expect.objectContaining({
        name: "InfrastructureError",
        message: expect.stringMatching(
          /there is none for api elsewhere and worker-v5 constructor and worker-v6 newer\n.*for api name one of current, next; for worker name one of current, older, local;/,
        ),
      }),
    );
    expect(missingReleases(config(), releases, ["presto"])).toEqual([
      "api elsewhere",
      "worker-v5 constructor",
    ]);
    expect(missingReleases(config(), { api: "current", workers: {} }, ["presto", "hive-hdp2"])).toEqual([]);
  });
});

describe("the builds of version steps", () => {
  const releases = { api: "current", workers: {} };

  test("are found with the others, those of a worker in every generation that is needed", () => {
    const found = findReleases(
      config(),
      releases,
      ["presto"],
      [step("api", "current"), step("worker", "older")],
    );
    expect(found.workers.get("worker-v5")).toMatchObject({ image: "worker-v5" });
    expect(found.later).toMatchObject([
      ["api", { image: "api:current" }],
      ["worker-v5", { image: "worker-v5:older", generation: "v5" }],
    ]);
  });

  test.each([
    [
      "are not there, each named once",
      [step("api", "older"), step("worker", "newer"), step("worker", "newer")],
      "api older and worker-v5 newer\n",
    ],
    [
      "run at a URL or as a program",
      [step("api", "next"), step("worker", "local")],
      "api next and worker-v5 local\n",
    ],
  ])("that %s are refused: a step starts a container", (_, steps, says) => {
    expect(() => findReleases(config(), releases, ["presto"], steps)).toThrow(
      `there is none of ${says}  next: give them in the config as an image; for api name one of current; for worker name one of current, older`,
    );
  });

  test("a worker that is a program cannot be stepped, not even to the current release", () => {
    expect(() => findReleases(config(), releases, ["hive-hdp2"], [step("worker", "current")])).toThrow(
      /there is none of worker-v6 current\n.*for worker name one of current, older$/,
    );
  });
});

test("an engine that no worker of the config runs is a wrong schedule", () => {
  const { workers } = config();
  const { "worker-v6": _, ...v5 } = workers;
  expect([...workersFor({ ...config(), workers: v5 }, ["presto", "hive-cdh4"]).keys()]).toEqual([
    "worker-v5",
  ]);
  expect(() => workersFor({ ...config(), workers: v5 }, ["hive-hdp2", "presto", "hive-hdp2"])).toThrow(
    expect.objectContaining({ name: "UsageError", message: "no worker of the config runs hive-hdp2" }),
  );
});

test("a schedule needs each engine and each generation of its jobs once", () => {
  const jobs = (["presto", "hive-cdh4", "presto"] as const).map((engine) => ({ scenario: "web", engine }));
  const schedule: Schedule = {
    format: scheduleFormat,
    workload: { jobs, workers: 1 },
    releases: { api: "current", workers: {} },
    seed: 1,
    faults: [],
  };
  expect(enginesOf(schedule)).toEqual(["presto", "hive-cdh4"]);
  expect(generationsOf(schedule)).toEqual(["v5"]);
});
