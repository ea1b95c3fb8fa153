import { describe, expect, test } from "vitest";
import { checkConfig } from "../../../config/check-config.ts";
import type { Config } from "../../../config/config.ts";
import { configWith } from "../../../testing/config.ts";
import { findReleases } from "./find-releases.ts";

const worker = {
  image: "worker-v5",
  generation: "v5",
  engines: ["presto", "hive-cdh4"],
  releases: { older: { image: "worker-v5:older" }, local: { command: ["node", "worker.ts"] } },
};

function config(): Config {
  const checked = checkConfig(configWith("workers.worker-v5", worker));
  if (!checked.ok) throw new Error(checked.problems.join("\n"));
  return checked.config;
}

describe("the builds of a schedule", () => {
  test.each([
    ["the current ones", {}, "worker-v5"],
    ["the current ones by name", { v5: "current" }, "worker-v5"],
    ["another release of a worker", { v5: "older" }, "worker-v5:older"],
  ])("are %s, each of its generation", (_, workers, image) => {
    const found = findReleases(config(), { api: "current", workers }, ["v5"]);
    expect(found.api).toMatchObject({ image: "api:current" });
    expect([...found.workers]).toMatchObject([
      ["v5", { image, generation: "v5", engines: ["presto", "hive-cdh4"] }],
    ]);
  });

  test("are not looked for where no job needs them", () => {
    const releases = { api: "current", workers: { v6: "nowhere" } };
    expect(findReleases(config(), releases, ["v5"]).workers.size).toBe(1);
  });

  test("are looked for in version steps too, those of a worker in every generation", () => {
    const releases = { api: "current", workers: {} };
    const step = (process: "api" | "worker", release: string) =>
      ({ kind: "version", process, release, ms: 0 }) as const;
    const found = findReleases(config(), releases, ["v5"], [step("api", "current"), step("worker", "older")]);
    expect(found.workers.get("v5")).toMatchObject({ image: "worker-v5" });
    const gone = [step("api", "older"), step("worker", "newer"), step("worker", "newer")];
    expect(() => findReleases(config(), releases, ["v5"], gone)).toThrow(
      "there is none for api older and worker-v5 newer\n",
    );
  });

  test("that have no image are named all at once, with those that could be", () => {
    const releases = { api: "next", workers: { v5: "constructor", v6: "current" } };
    expect(() => findReleases(config(), releases, ["v5", "v6"])).toThrow(
      expect.objectContaining({
        name: "InfrastructureError",
        message: expect.stringMatching(
          /there is none for api next and worker-v5 constructor and worker-v6 current\n.*for api name one of current, next; for worker name one of current, older, local;/,
        ),
      }),
    );
    const local = { api: "constructor", workers: { v5: "local" } };
    expect(() => findReleases(config(), local, ["v5"])).toThrow("api constructor and worker-v5 local");
  });
});
