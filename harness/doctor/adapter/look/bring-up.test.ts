import { expect, test } from "vitest";
import { troubleOf } from "../testing/facts.ts";
import { configOf } from "../testing/fake-system.ts";
import { Start } from "./bring-up.ts";

/** Which start may be tried again without what did not come up, and what is told of it. */

const outcomes = (start: Start) =>
  Object.fromEntries(start.facts().parts.map(({ name, outcome }) => [name, outcome]));

test("a worker and a destination are left out, and the rest is started again", () => {
  const start = new Start(configOf());
  expect(start.failed(troubleOf("worker-v6"))).toBe(true);
  expect(Object.keys(start.workers())).toEqual(["worker-v5"]);
  expect(start.failed(troubleOf("destination-web"))).toBe(true);
  expect(start.destinations()).toEqual(["mysql"]);
  for (const name of ["mysql", "api", "worker-v5", "destination-mysql"]) start.ready(name);
  expect(outcomes(start)).toEqual({
    mysql: "ready",
    api: "ready",
    "worker-v5": "ready",
    "worker-v6": troubleOf("worker-v6"),
    "destination-web": troubleOf("destination-web"),
    "destination-mysql": "ready",
  });
  expect(start.facts().trouble).toBeNull();
});

test("without MySQL or an API there is nothing to start again", () => {
  const start = new Start(configOf());
  start.ready("mysql");
  expect(start.failed(troubleOf("api"))).toBe(false);
  expect(outcomes(start)).toMatchObject({ mysql: "ready", api: troubleOf("api"), "worker-v5": "left" });
});

test("what ends after it was ready, and what is no component, ends it all", () => {
  const start = new Start(configOf());
  start.ready("worker-v5");
  expect(start.failed(troubleOf("worker-v5"))).toBe(false);
  expect(start.facts().trouble).toEqual(troubleOf("worker-v5"));
  const other = new Start(configOf());
  expect(other.failed(troubleOf("link worker-v5 -> api"))).toBe(false);
  expect(other.facts().trouble?.component).toBe("link worker-v5 -> api");
});
