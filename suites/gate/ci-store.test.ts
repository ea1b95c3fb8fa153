import { afterAll, beforeAll, expect, test } from "vitest";
import { results, Templates } from "./ci/templates.ts";

/** A red run, and a fresh one of the same builds that is green: with a store, both CIs remember the first. */

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

test("on GitLab, neither", async () => {
  const variables = { INTERLOCK_STORE: await templates.newStore() };
  const left = [templates.kept.first, templates.kept.red];
  expect((await templates.onGitLab({ left, variables }))["interlock-gate"]?.exit).toBe(1);
  const fresh = (await templates.onGitLab({ variables }))["interlock-gate"];
  expect(fresh).toMatchObject({ exit: 1, log: expect.stringMatching(/^NO-GO: .* violation/m) });
});
