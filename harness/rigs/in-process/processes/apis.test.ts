import { expect, test } from "vitest";
import { Apis } from "./apis.ts";

function begun(seed: number, ...beside: string[]) {
  const apis = new Apis({ api: "current", workers: {}, ...(beside.length === 0 ? {} : { beside }) }, seed);
  const begin = (name: string) => void apis.lives.set(name, { process: { name } } as never);
  for (const name of apis.names) begin(name);
  const next = (by: string, number: number | null, times: number) =>
    Array.from({ length: times }, () => apis.next(by, number).process.name);
  return { apis, begin, next };
}

function apisWith(...beside: string[]) {
  return seededApis(1, ...beside);
}

const seededApis = (seed: number, ...beside: string[]) => begun(seed, ...beside).next;

test("each caller's calls about a job go to all in turn, whatever others do", () => {
  const [first, second, third, fourth] = apisWith("current", "next")("worker-v5-1", 1, 4);
  expect(new Set([first, second, third])).toEqual(new Set(["api", "api-2", "api-3"]));
  expect(fourth).toBe(first);
  const next = apisWith("current", "next");
  expect(next("worker-v5-1", 1, 1)).toEqual([first]);
  const [idle] = next("worker-v5-1", null, 1);
  expect(next("worker-v5-2", null, 1)).not.toEqual([idle]);
  expect(next("worker-v5-1", 1, 1)).toEqual([second]);
});

test("of one alone it is always the turn", () => {
  expect(apisWith()("worker-v5-1", 1, 3)).toEqual(["api", "api", "api"]);
});

test("with another seed it begins elsewhere", () => {
  const firsts = [1, 2, 3, 4].map((seed) => seededApis(seed, "current")("customer", 1, 1)[0]);
  expect(firsts).toEqual(expect.arrayContaining(["api", "api-2"]));
});

test("a fleet takes the place of another step by step: each life that joins has its turn, and one that is withdrawn none", () => {
  const { apis, begin, next } = begun(1, "current");
  const callers = (): Set<string> => new Set(next("customer", 1, 12));
  const join = (name: string) => {
    begin(name);
    apis.join(name);
  };
  join("api.life-2");
  expect(callers()).toEqual(new Set(["api", "api-2", "api.life-2"]));
  join("api-2.life-2");
  apis.withdraw("api");
  expect(callers()).toEqual(new Set(["api-2", "api.life-2", "api-2.life-2"]));
  apis.withdraw("api-2");
  expect(callers()).toEqual(new Set(["api.life-2", "api-2.life-2"]));
});

test("so many of each caller's calls in a hundred go to a release, in turn among its processes, and evenly", () => {
  const { apis, next } = begun(1, "next", "current", "next");
  for (const [name, life] of apis.lives)
    life.release = ["api-2", "api-4"].includes(name) ? "next" : "current";
  const isNext = (name: string): boolean => ["api-2", "api-4"].includes(name);
  for (const percent of [0, 10, 50, 100]) {
    apis.share("next", percent);
    const names = next("customer", percent, 1_000);
    expect(names.filter(isNext)).toHaveLength(10 * percent);
    // As often each of them.
    const ofNext = names.filter((name) => name === "api-2");
    expect(ofNext).toHaveLength(5 * percent);
  }
  apis.share("next", 10);
  const each = Array.from({ length: 20 }, (_, job) => next("customer", job, 10).filter(isNext).length);
  expect(new Set(each)).toEqual(new Set([1]));
});

test("calls that would go to processes of a release that is not there go to those that are", () => {
  const { apis, next } = begun(1, "current");
  apis.share("next", 100);
  expect(new Set(next("customer", 1, 4))).toEqual(new Set(["api", "api-2"]));
});
