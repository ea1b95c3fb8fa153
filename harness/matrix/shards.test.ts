import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Engine, engines } from "../../contracts/job.ts";
import { insertInto } from "../invariants/testing/scenarios.ts";
import { planCells } from "./cell.ts";
import { cellName, parseShard, printShard, probeOf, shardsOf } from "./shards.ts";

const cellsOf = (scenarios: number) =>
  planCells(
    "current",
    engines as readonly Engine[],
    Array.from({ length: scenarios }, (_, i) => ({ ...insertInto, name: `s${i}` })),
  );

test("a shard is read and printed alike; what is none is refused", () => {
  expect(printShard(parseShard("2/4"))).toBe("2/4");
  for (const wrong of ["0/4", "5/4", "1/0", "1", "1/4/2", "-1/4", "a/b", "1/101", ""])
    expect(() => parseShard(wrong)).toThrow(/--shard .*expected i\/n/);
});

describe("shards", () => {
  test("have every cell once, in the matrix's order", () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 12 }), (scenarios, of) => {
        const cells = cellsOf(scenarios);
        if (of > cells.length) return;
        const shards = shardsOf(cells, of);
        expect(new Set(shards.flat())).toEqual(new Set(cells));
        expect(shards.flat()).toHaveLength(cells.length);
        for (const shard of shards) expect(shard).toEqual(cells.filter((cell) => shard.includes(cell)));
      }),
    ));

  test("have a cell each, also where no cell is said to take any time", () => {
    const cells = cellsOf(2);
    const [first, ...others] = cells.map((cell): [string, number] => [cellName(cell), 0]);
    const weights = new Map([[first?.[0] ?? "", 10], ...others]);
    expect(Math.min(...shardsOf(cells, 4, weights).map(({ length }) => length))).toBeGreaterThan(0);
  });

  test("without weights are equally large, and have jobs of every engine", () => {
    for (const of of [2, 3, 4, 6]) {
      const shards = shardsOf(cellsOf(34), of);
      const sizes = shards.map(({ length }) => length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      for (const shard of shards)
        expect(new Set(shard.map(({ engine }) => engine)).size).toBe(engines.length);
    }
  });

  test("the slowest of them takes at most 1.2 of the mean, where no single cell takes more", () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 90, maxLength: 90 }), (times) => {
        const cells = cellsOf(30);
        const weights = new Map(cells.map((cell, i) => [cellName(cell), times[i] as number]));
        const loads = shardsOf(cells, 4, weights).map((shard) =>
          shard.reduce((all, cell) => all + (weights.get(cellName(cell)) as number), 0),
        );
        const mean = loads.reduce((all, one) => all + one, 0) / loads.length;
        expect(Math.max(...loads)).toBeLessThanOrEqual(1.2 * mean);
      }),
    ));

  test("that would be empty are refused", () => {
    expect(() => shardsOf(cellsOf(1), 4)).toThrow(
      "4 shards of 3 cells: a shard without a cell would show nothing",
    );
  });
});

test("of several shards the first puts the API to the test, and the jobs of all live alike", () => {
  const probes = [1, 2, 3].map((index) => probeOf({ index, of: 3 }));
  expect(probes).toEqual([true, ["lives"], ["lives"]]);
});
