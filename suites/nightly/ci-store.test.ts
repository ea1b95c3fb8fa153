import { cp, mkdtemp, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { results, Templates } from "../gate/ci/templates.ts";

/** What both CIs put into a store, and what they remember by it: a red run, and a fresh one of the same builds that is green. */

let templates: Templates;
beforeAll(async () => {
  templates = await Templates.open();
});
afterAll(() => templates[Symbol.asyncDispose]());

test("on GitHub, a fresh run cannot make a red one forgotten", async () => {
  const secrets = { INTERLOCK_STORE: await templates.newStore() };
  const red = await templates.onGitHub({ left: [templates.kept.first, templates.kept.red], secrets });
  expect(results(red)).toEqual({ plan: "success", cells: "failure", gate: "failure" });
  const fresh = await templates.onGitHub({ secrets });
  expect(results(fresh)).toEqual({ plan: "success", cells: "success", gate: "failure" });
  expect(fresh["gate"]).toMatchObject({ exit: 1, log: expect.stringMatching(/^NO-GO: .* violation/m) });
});

test("on GitLab too, a fresh run cannot make a red one forgotten", async () => {
  const variables = { INTERLOCK_STORE: await templates.newStore() };
  const left = [templates.kept.first, templates.kept.red];
  expect((await templates.onGitLab({ left, variables }))["interlock-gate"]?.exit).toBe(1);
  const fresh = (await templates.onGitLab({ variables }))["interlock-gate"];
  expect(fresh).toMatchObject({ exit: 1, log: expect.stringMatching(/^NO-GO: .* violation/m) });
});

describe("one run that cannot be kept takes no other along, and the job is red", () => {
  /** The red shard beside a folder that nobody can look into. */
  const left = async () => {
    const folder = await mkdtemp(join(templates.root, "runs-"));
    await cp(templates.kept.red.folder, join(folder, "red"), { recursive: true });
    await symlink("nowhere", join(folder, "dangling"));
    return [templates.kept.first, { ...templates.kept.red, folder }];
  };

  test("on GitHub", async () => {
    const secrets = { INTERLOCK_STORE: await templates.newStore() };
    const { cells } = await templates.onGitHub({ left: await left(), secrets });
    expect(cells).toMatchObject({ result: "failure", log: expect.stringMatching(/red: kept$/m) });
    expect(cells?.log).toMatch(/^ {2}\S*dangling: expected a folder with evidence/m);
    expect((await templates.onGitHub({ secrets }))["gate"]?.exit).toBe(1);
  });

  test("on GitLab", async () => {
    const variables = { INTERLOCK_STORE: await templates.newStore() };
    const run = await templates.onGitLab({ left: await left(), variables });
    expect(run["interlock-cells 2/2"]).toMatchObject({
      exit: 1,
      log: expect.stringMatching(/^ {2}\S*dangling: expected a folder with evidence/m),
    });
    expect((await templates.onGitLab({ variables }))["interlock-gate"]?.exit).toBe(1);
  });
});
