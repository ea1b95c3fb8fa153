import { expect, test } from "vitest";
import { Apis } from "./apis.ts";

function apisWith(...beside: string[]) {
  return seededApis(1, ...beside);
}

function seededApis(seed: number, ...beside: string[]) {
  const apis = new Apis({ api: "current", workers: {}, ...(beside.length === 0 ? {} : { beside }) }, seed);
  for (const name of apis.names) apis.lives.set(name, { process: { name } } as never);
  return (by: string, number: number | null, times: number) =>
    Array.from({ length: times }, () => apis.next(by, number).process.name);
}

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
