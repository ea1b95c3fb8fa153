import { matchesGlob } from "node:path";
import { describe, expect, test } from "vitest";
import { engineLabel, engines, generationOf, generations } from "../../contracts/job.ts";
import { checkConfig } from "../../harness/config/check-config.ts";
import { planCells } from "../../harness/matrix/cell.ts";
import writeConfig from "../../interlock.config.ts";
import vitestConfig, { longest } from "../../vitest.config.ts";
import { banned, exempt } from "./lint-config.ts";
import { files, sources, tests, textOf } from "./repository.ts";
import { ambient, fixedSleeps, type Rule, registryHosts, silenced, tooLong, unrunTests } from "./rules.ts";

/** What the house promises of itself, held against every file that git knows or would take in. */

/** The lock file is the client's own and names what was asked for. */
const written = files.filter((name) => name !== "pnpm-lock.yaml");

const broken = (names: readonly string[], rule: Rule): string[] =>
  names.flatMap((name) => rule(textOf(name)).map((problem) => `${name}:${problem}`));

describe("every file", () => {
  test("is read: the list is not empty and holds this one", () => {
    expect(tests).toContain("suites/house/house.test.ts");
    expect(sources.length).toBeGreaterThan(tests.length);
  });

  test("of TypeScript is 300 lines at most", () => {
    expect(broken(sources, tooLong)).toEqual([]);
  });

  test("silences no tool in a comment", () => {
    expect(broken(sources, silenced)).toEqual([]);
  });

  test("names no host of a package or image registry: the clients' defaults serve", () => {
    expect(broken(written, registryHosts)).toEqual([]);
  });
});

describe("code under the virtual clock", () => {
  const isIn = (name: string, patterns: readonly string[]) =>
    patterns.some((pattern) => matchesGlob(name, pattern));
  const within = sources.filter((name) => isIn(name, banned) && !isIn(name, exempt));

  test("takes time and chance from its ports alone", () => {
    expect(within).toContain("harness/rigs/in-process/world.ts");
    expect(broken(within, ambient)).toEqual([]);
  });
});

describe("every test", () => {
  test("runs: none is left out, singled out, expected to fail or tried twice", () => {
    expect(broken(tests, unrunTests)).toEqual([]);
  });

  test("waits for what it needs, never for a time", () => {
    expect(broken(tests, fixedSleeps)).toEqual([]);
  });

  test("belongs to exactly one project of vitest", () => {
    const homes = tests.map((name) => [name, projectsOf(name)] as const);
    expect(homes.filter(([, projects]) => projects.length !== 1)).toEqual([]);
  });
});

describe("every folder of suites", () => {
  /** Folders that hold no test, and who runs what is in them. */
  const elsewhere: Record<string, string> = {
    "result-output": "scenarios: `interlock run` tries them, by interlock.config.ts",
    setup: "global set-ups, named in vitest.config.ts",
  };
  const folders = [...new Set(files.flatMap((name) => /^suites\/([^/]+)\//.exec(name)?.[1] ?? []))];

  test.each(folders)("%s has tests, or a reason to have none", (folder) => {
    const within = tests.filter((name) => name.startsWith(`suites/${folder}/`));
    expect(within.length > 0).toBe(!(folder in elsewhere));
    expect(within.flatMap(projectsOf)).toHaveLength(within.length);
  });

  test("that has a reason to have no tests is there", () => {
    expect(Object.keys(elsewhere).filter((folder) => !folders.includes(folder))).toEqual([]);
  });
});

describe("the config that ships", () => {
  const checked = checkConfig(writeConfig({ secret: (name) => `secret of ${name}` }));
  const config = checked.ok ? checked.config : undefined;

  test("has no problem", () => {
    expect(checked.ok ? [] : checked.problems).toEqual([]);
  });

  test("has a worker for every engine", () => {
    const run = Object.values(config?.workers ?? {}).flatMap((worker) => worker.engines);
    expect(new Set(run)).toEqual(new Set(engines));
    expect(run).toHaveLength(engines.length);
  });

  test.each(config?.scenarios ?? [])("tries $name with both generations", ({ engines: its = engines }) => {
    expect(new Set(its.map(generationOf))).toEqual(new Set(generations));
  });

  test.each(Object.keys(config?.api ?? {}))(
    "plans every scenario with every engine that it is for on API %s, once",
    (release) => {
      const scenarios = config?.scenarios ?? [];
      const run = Object.values(config?.workers ?? {}).flatMap((worker) => worker.engines);
      const planned = planCells(release, run, scenarios).map(({ path }) => path);
      const wanted = scenarios.flatMap(({ name, engines: its = engines, due }) =>
        due ? [] : its.map((engine) => `${release}/${engineLabel(engine)}/${name}`),
      );
      expect(planned.toSorted()).toEqual(wanted.toSorted());
      expect(new Set(planned).size).toBe(planned.length);
      expect(planned.length).toBeGreaterThan(0);
    },
  );
});

function projectsOf(file: string): string[] {
  return (vitestConfig.test?.projects ?? []).flatMap((project) => {
    if (typeof project !== "object" || !("test" in project))
      throw new Error("a project that is no plain object");
    const { name, include = [], exclude = [] } = project.test ?? {};
    const isIn = (patterns: string[]) => patterns.some((pattern) => matchesGlob(file, pattern));
    return isIn(include) && !isIn(exclude) ? [typeof name === "string" ? name : (name?.label ?? "")] : [];
  });
}

test("the test files that start first are there", () => {
  expect(longest.filter((file) => !files.includes(file))).toEqual([]);
});
