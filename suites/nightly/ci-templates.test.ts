import { generateKeyPairSync } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { headings, results, Templates, workflow } from "../gate/ci/templates.ts";
import type { Workflow } from "../gate/ci/workflow.ts";

/** What the templates of CI do when a shard is red, is cancelled or fails late, and what each of their conditions is for. */

let templates: Templates;
beforeAll(async () => {
  templates = await Templates.open();
});
afterAll(() => templates[Symbol.asyncDispose]());

describe("on GitHub", () => {
  test("a red shard is 1; green at the next attempt, the gate still remembers it", async () => {
    const store = await mkdtemp(join(templates.root, "artefacts-"));
    const run = await templates.onGitHub({
      left: [templates.kept.first, templates.kept.red],
      store,
      inputs: { api: "current" },
    });
    expect(run["cells"]?.log).toMatch(/^compat: --shard 2\/2 --attempt 1 --config .* --api current --mark/m);
    expect(results(run)).toEqual({ plan: "success", cells: "failure", gate: "failure" });
    expect(run["gate"]?.exit).toBe(1);
    expect(headings(run)).toEqual(["VIOLATION: API", "VIOLATION: gate"]);
    const again = await templates.onGitHub({
      left: [templates.kept.again],
      passed: ["shard 1/2"],
      store,
      attempt: 2,
    });
    expect(results(again)).toEqual({ plan: "success", cells: "success", gate: "failure" });
    expect(headings(again)).toEqual(["PASS: API", "VIOLATION: gate"]);
  });

  test("a shard that was cancelled leaves nothing, which is 2", async () => {
    const run = await templates.onGitHub({ cancelled: ["shard 2/2"] });
    expect(results(run)).toEqual({ plan: "success", cells: "cancelled", gate: "failure" });
    expect(run["gate"]?.exit).toBe(2);
    expect(run["gate"]?.log).toContain("shard 2/2 is missing");
    expect(headings(run)).toEqual(["MISSING: API", "MISSING: gate"]);
  });

  test("a shard that failed after its evidence was written is not green", async () => {
    const run = await templates.onGitHub({
      left: [templates.kept.first, { ...templates.kept.second, exit: 3 }],
    });
    expect(headings(run)).toEqual(["PASS: API", "PASS: gate"]);
    expect(results(run)).toEqual({ plan: "success", cells: "failure", gate: "failure" });
  });
});

describe("what the policy asks besides the matrix", () => {
  const asksFor = /^script\/interlock replay lost\.json --rig containers /m;
  const isGo = { exit: 0, log: expect.stringMatching(/^GO;/m) };

  test("is not run again at a next attempt", async () => {
    const store = await mkdtemp(join(templates.root, "artefacts-"));
    const asked = { files: templates.asking, store };
    const { gate } = await templates.onGitHub(asked);
    expect(gate).toMatchObject(isGo);
    expect(gate?.log).toMatch(asksFor);
    const passed = ["shard 1/2", "shard 2/2"];
    const again = (await templates.onGitHub({ ...asked, passed, attempt: 2 }))["gate"];
    expect(again).toMatchObject(isGo);
    expect(again?.log).not.toMatch(asksFor);
  });

  test("is not run where a shard is red", async () => {
    const left = [templates.kept.first, templates.kept.red];
    const { gate } = await templates.onGitHub({ files: templates.asking, left });
    expect(gate?.exit).toBe(1);
    expect(gate?.log).not.toMatch(asksFor);
  });

  test("is run by GitLab as well", async () => {
    const gate = (await templates.onGitLab({ files: templates.asking }))["interlock-gate"];
    expect(gate).toMatchObject(isGo);
    expect(gate?.log).toMatch(asksFor);
  });
});

test("where there is a key, all that runs is signed with it", async () => {
  const { privateKey } = generateKeyPairSync("ed25519");
  const INTERLOCK_KEY = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const { cells } = await templates.onGitHub({ secrets: { INTERLOCK_KEY } });
  expect(cells?.log.match(/^compat: .* --sign KEY /gm)).toHaveLength(2);
});

test("on GitLab, all shards green are GO", async () => {
  const run = await templates.onGitLab({});
  expect(results(run)).toEqual({
    "interlock-plan": "success",
    "interlock-cells 1/2": "success",
    "interlock-cells 2/2": "success",
    "interlock-gate": "success",
  });
  expect(run["interlock-gate"]?.log).toMatch(/^GO/m);
  expect(run["interlock-gate"]?.reports).toEqual(["merge.xml", "gate.xml"]);
});

test("what is run besides the matrix is remembered as well, and a green store is in nobody's way", async () => {
  const secrets = { INTERLOCK_STORE: await templates.newStore() };
  const asked = { files: templates.asking, secrets };
  expect((await templates.onGitHub(asked))["gate"]).toMatchObject({ exit: 0 });
  const again = (await templates.onGitHub(asked))["gate"];
  expect(again).toMatchObject({ exit: 0, log: expect.stringMatching(/^GO;/m) });
  expect(again?.log).not.toMatch(/^script\/interlock replay /m);
});

test("a store that is not there is 3, and nothing is decided", async () => {
  const nowhere = pathToFileURL(join(templates.root, "nowhere")).href;
  const { cells, gate } = await templates.onGitHub({ secrets: { INTERLOCK_STORE: nowhere } });
  expect(cells).toMatchObject({ result: "failure", exit: 3 });
  expect(gate?.log).not.toMatch(/^GO/m);
});

/** Without an `if: always()`, the others as they are. */
function without(job: string, step?: string): Workflow {
  const changed = structuredClone(workflow);
  const of = changed.jobs[job];
  const place = step === undefined ? of : of?.steps.find(({ name }) => name === step);
  if (place?.if === undefined) throw new Error(`${job} ${step ?? ""} has no condition`);
  delete place.if;
  return changed;
}

describe("without its condition", () => {
  test("the gate would not run after a plan that failed", async () => {
    const run = await templates.onGitHub({ inputs: { shards: 101 }, workflow: without("gate") });
    expect(results(run)).toMatchObject({ gate: "skipped" });
  });

  test("a red shard would leave nothing", async () => {
    const asked = {
      left: [templates.kept.first, templates.kept.red],
      workflow: without("cells", "keep its evidence"),
    };
    expect(headings(await templates.onGitHub(asked))).toEqual(["MISSING: API", "MISSING: gate"]);
  });

  test("the gate would say nothing about a red matrix", async () => {
    const run = await templates.onGitHub({
      left: [templates.kept.first, templates.kept.red],
      workflow: without("gate", "gate"),
    });
    expect(headings(run)).toEqual(["VIOLATION: API"]);
  });
});

test("on GitLab a shard that was cancelled leaves nothing, which is 2", async () => {
  const run = await templates.onGitLab({ cancelled: ["interlock-cells 2/2"] });
  const gate = run["interlock-gate"];
  expect(gate).toMatchObject({ result: "failure", exit: 2 });
  expect(gate?.log).toContain("shard 2/2 is missing");
});

describe("a change that asks less of itself", () => {
  test("is asked by GitHub's merge_group what its target says", async () => {
    const changed = templates.askingLess();
    const { gate } = await templates.onGitHub({ changed, by: "merge_group" });
    expect(gate?.log).toMatch(/^GO/m);
    expect(gate?.log).not.toContain("is older than");
  });

  test("is asked by GitHub what the default branch says where it is pushed", async () => {
    const { gate } = await templates.onGitHub({ changed: templates.askingLess(), by: "push" });
    expect(gate?.log).toMatch(/^GO/m);
    expect(gate?.log).not.toContain("is older than");
  });

  test("is asked by GitLab what nobody says where no branch is named: 2", async () => {
    const variables = { CI_DEFAULT_BRANCH: "" };
    const gate = (await templates.onGitLab({ changed: templates.askingLess(), variables }))["interlock-gate"];
    expect(gate).toMatchObject({ exit: 2, log: expect.stringContaining("in the target branch") });
  });

  test("is asked by GitLab for a merge request what its target says", async () => {
    const run = await templates.onGitLab({ changed: templates.askingLess(), isBranch: false });
    expect(run["interlock-gate"]?.log).toMatch(/^GO/m);
    expect(run["interlock-gate"]?.log).not.toContain("is older than");
  });
});
