import { expect, test } from "vitest";
import type { ContainersRig } from "../../system/open-rig.ts";
import { apisInTurn } from "./apis-in-turn.ts";

const address = () => ({ host: "127.0.0.1", port: 1 });
const api = (name: string, handle: object | null = null) =>
  ({ name, handle, address }) as unknown as ContainersRig["api"];
const version = { kind: "version", process: "api", release: "next", ms: 1 } as const;
const at = { link: "worker->api", operation: "worker.claim", job: 1, occurrence: 1, phase: "after" } as const;

function next(apis: readonly ContainersRig["api"][], seed: number, faults: (typeof version)[] = []) {
  const releases = { api: "current", beside: ["next"].slice(0, apis.length - 1), workers: {} };
  const rig = { apis, releases, releaseOf: () => "as it is now" };
  return apisInTurn(rig, { seed, faults: faults.map((fault) => ({ at, fault })) });
}

test("calls go to all in turn, each known by what it is of, and a container by what it is of now", () => {
  const turn = next([api("api"), api("api-2", {})], 1);
  const seen = [1, 2, 3].map(() => turn("customer", 1));
  const [first, second] = [...seen]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .filter(({ name }, i, all) => (i === 0 ? true : name !== all[i - 1]?.name));
  expect(seen[2]).toEqual(seen[0]);
  expect(first).toEqual({ name: "api", release: "current", upstream: address });
  expect(second).toEqual({ name: "api-2", release: "as it is now", upstream: address });
});

test("with another seed it begins elsewhere", () => {
  const firsts = [1, 2].map((seed) => next([api("api"), api("api-2")], seed)("worker-v5-1", null).name);
  expect(firsts.sort()).toEqual(["api", "api-2"]);
});

test("of one alone nothing is told, unless it comes to another release", () => {
  expect(next([api("api")], 1)("customer", 1)).toEqual({ name: "api" });
  expect(next([api("api")], 1, [version])("customer", 1)).toEqual({ name: "api", release: "current" });
});
