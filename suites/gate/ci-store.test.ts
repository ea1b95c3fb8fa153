import { afterAll, beforeAll, expect, test } from "vitest";
import { results, Templates } from "./ci/templates.ts";

/** A red run, and a fresh one of the same builds that is green: with a store, CI remembers the first. More of it at night. */

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
