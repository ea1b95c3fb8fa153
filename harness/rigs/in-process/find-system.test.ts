import { describe, expect, test } from "vitest";
import type {
  InProcessBuilds,
  InProcessSystem,
  LoadBuilds,
  Mutant,
  Releases,
} from "../../../contracts/in-process.ts";
import { checkConfig } from "../../config/check-config.ts";
import type { Component, Config } from "../../config/config.ts";
import { InfrastructureError, UsageError } from "../../errors.ts";
import type { ReleaseStep } from "../../schedule/schedule.ts";
import { configWith } from "../../testing/config.ts";
import { findSystem } from "./find-system.ts";

/** A system that is known by its releases alone. */
const systemOf = (releases: Releases) => ({ releases }) as unknown as InProcessSystem;

/** Builds as code: releases of the API, and releases of workers of either generation. */
const buildsOf = (apis: readonly string[], workers: readonly string[]): InProcessBuilds => ({
  mutants: [...apis, ...workers].map((id) => ({ id }) as Mutant),
  system: (releases) =>
    apis.includes(releases.api) &&
    Object.values(releases.workers).every((release) => workers.includes(release))
      ? systemOf(releases)
      : undefined,
});
const apis = ["current", "next", "no-fencing"];
const workers = ["current", "older"];
const builds = buildsOf(apis, workers);
/** Gives no more than it is asked for. */
const load: LoadBuilds = async (only) => {
  const isWanted = (name: string) => only?.includes(name) ?? true;
  return buildsOf(apis.filter(isWanted), workers.filter(isWanted));
};

const image = (name: string) => ({ image: name }) as Component;
const program = { command: ["node", "other.ts"] } as unknown as Component;
const url = { url: "http://127.0.0.1:8080" } as Component;

interface Parts {
  api?: Config["api"];
  v5?: Component;
  older?: Component;
  inProcess?: Config["inProcess"] | null;
}

/** A config in images of which the code is at hand, but for what a test changes about it. */
function configOf({
  api = {},
  v5 = image("worker-v5"),
  older = image("worker-v5:older"),
  inProcess,
}: Parts = {}) {
  const images = ["api", "worker-v5", "worker-v5:older", "worker-v6"];
  const config = {
    current: "current",
    api: { current: image("api"), ...api },
    workers: {
      first: { ...v5, generation: "v5", releases: { older } },
      second: { ...image("worker-v6"), generation: "v6", releases: {} },
    },
    ...(inProcess === null ? {} : { inProcess: inProcess ?? { images, load } }),
  };
  return config as unknown as Config;
}

const current: Releases = { api: "current", workers: {} };
const find = (config: Config, releases = current, steps: readonly ReleaseStep[] = []) =>
  findSystem(config, releases, steps, "simulated");
const step = (process: "api" | "worker", release: string): ReleaseStep => ({ process, release });

describe("the system of a config whose images are code at hand", () => {
  test.each<[string, Releases, ReleaseStep[]]>([
    ["of the current releases", current, []],
    ["of others, named or not", { api: "no-fencing", workers: { v5: "older" } }, []],
    ["with version steps", current, [step("api", "next"), step("worker", "older")]],
  ])("is found: %s", async (_, releases, steps) => {
    expect(await find(configOf(), releases, steps)).toEqual(systemOf(releases));
  });
});

describe("a build that is no code at hand is refused, and the rig that runs it is named", () => {
  const older: Releases = { api: "current", workers: { v5: "older" } };
  const next: Releases = { api: "next", workers: {} };
  test.each<[string, Parts, Releases, ReleaseStep[], string]>([
    ["another image of a worker", { v5: image("mine") }, current, [], "worker-v5 current is the image mine"],
    ["a worker that is a program", { v5: program }, current, [], "worker-v5 current is the program node"],
    ["a worker at a URL", { v5: url }, current, [], "worker-v5 current is what runs at a URL"],
    ["another image of a release", { older: image("mine") }, older, [], "worker-v5 older is the image mine"],
    ["another image of the API", { api: { next: image("mine") } }, next, [], "api next is the image mine"],
    ["an API at a URL", { api: { current: url } }, current, [], "api current is what runs at a URL"],
    [
      "a step to it",
      { older: program },
      current,
      [step("worker", "older")],
      "worker older is the program node",
    ],
    [
      "two at once",
      { api: { current: url }, v5: program },
      current,
      [],
      "api current is what runs at a URL; worker-v5 current is the program node",
    ],
  ])("%s", async (_, parts, releases, steps, told) => {
    const finding = find(configOf(parts), releases, steps);
    await expect(finding).rejects.toBeInstanceOf(UsageError);
    await expect(finding).rejects.toThrow(
      new UsageError(
        `${told}: the simulated rig has no code of it and runs nothing in its name; --rig containers runs it`,
      ),
    );
  });

  test("but not where another release is asked for", async () => {
    const config = configOf({ api: { next: url }, older: program });
    expect(await find(config)).toEqual(systemOf(current));
  });

  test("before any code is loaded", async () => {
    const load = () => Promise.reject(new Error("loaded"));
    const finding = find(configOf({ v5: program, inProcess: { images: ["api", "worker-v6"], load } }));
    await expect(finding).rejects.toThrow("the program node");
  });
});

test("a config without code in this process is refused", async () => {
  const finding = find(configOf({ inProcess: null }));
  await expect(finding).rejects.toBeInstanceOf(UsageError);
  await expect(finding).rejects.toThrow("(inProcess), which the simulated rig runs; --rig containers runs");
});

test("a config that gives its code as a function has code of all that it names", async () => {
  const checked = checkConfig(configWith("inProcess", async () => builds));
  if (!checked.ok) throw new Error(checked.problems.join("\n"));
  const releases: Releases = { api: "next", workers: { v6: "current" } };
  expect(await find(checked.config, releases)).toEqual(systemOf(releases));
});

describe("a release that is not known", () => {
  test.each<[string, Releases, ReleaseStep[], string, string]>([
    [
      "of the API",
      { api: "other", workers: {} },
      [],
      "there is no api other",
      "for api name one of current, next, no-fencing",
    ],
    [
      "of workers and of a step, all at once",
      { api: "current", workers: { v5: "other", v6: "no-fencing" } },
      [step("worker", "gone")],
      "there is no worker-v5 other and no worker-v6 no-fencing and no worker gone",
      "for worker-v5 name one of current, older; for worker-v6 name one of current, older; for worker name one of current, older",
    ],
    [
      "of an object's own keys",
      { api: "constructor", workers: {} },
      [],
      "there is no api constructor",
      "current",
    ],
  ])("%s is named, with those that are", async (_, releases, steps, happened, next) => {
    const error = await find(configOf(), releases, steps).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InfrastructureError);
    const { trouble } = error as InfrastructureError;
    expect(trouble.happened).toBe(happened);
    expect(trouble.next).toContain(next);
    expect(trouble.next).toMatch(/; or a config that has them with --config$/);
  });

  test("is told apart from releases that do not go together", async () => {
    const apart: InProcessBuilds = {
      ...builds,
      system: (releases) =>
        releases.api === "next" && releases.workers.v5 === "older" ? undefined : builds.system(releases),
    };
    const config = configOf({ inProcess: { images: "all", load: async () => apart } });
    const finding = find(config, { api: "next", workers: { v5: "older" } });
    await expect(finding).rejects.toThrow(
      "but they do not go together\n  next: name releases that one system of the config can run together",
    );
  });
});
