import { describe, expect, test } from "vitest";
import { type Counters, countedBetween } from "./counters.ts";
import { partsOf } from "./figures.ts";
import { usualWait } from "./idle.ts";
import { figuresOf } from "./sampled.ts";

const at = (statements: number, more: Partial<Counters> = {}): Counters => ({
  statements,
  rowsExamined: 10 * statements,
  connections: 2,
  openConnections: 2,
  bytesRead: 100,
  bytesWritten: 1_000,
  lockWaits: 0,
  byStatement: new Map([["SELECT ?", { count: statements, rowsExamined: 10 * statements }]]),
  ...more,
});

describe("what was counted between two looks", () => {
  test("is the difference, statement by statement; what was not used is left out", () => {
    const before = at(3, { byStatement: new Map([["SELECT ?", { count: 3, rowsExamined: 30 }]]) });
    const after = at(5, {
      bytesWritten: 1_400,
      byStatement: new Map([
        ["SELECT ?", { count: 3, rowsExamined: 30 }],
        ["UPDATE ?", { count: 2, rowsExamined: 4 }],
      ]),
    });
    const counted = countedBetween(before, after);
    expect(counted).toMatchObject({ statements: 2, rowsExamined: 20, connections: 0, bytesWritten: 400 });
    expect([...counted.byStatement]).toEqual([["UPDATE ?", { count: 2, rowsExamined: 4 }]]);
  });

  test("goes on in the next file of the log", () => {
    expect(countedBetween(at(1), at(1, { bytesWritten: 300 })).bytesWritten).toBe(300);
  });

  test("is nothing where there is no log, and no figure either", () => {
    const counted = countedBetween(at(1, { bytesWritten: null }), at(2, { bytesWritten: null }));
    expect(counted.bytesWritten).toBeNull();
    expect(figuresOf("a call", [counted]).map(({ measure }) => measure)).not.toContain("bytesWritten");
  });
});

describe("a figure of five samples", () => {
  const statements = (...counts: number[]) =>
    figuresOf(
      "a call",
      counts.map((count) => at(count)),
    ).find(({ measure }) => measure === "statements");

  test("is one of the lower ones: what came three times of its own accord is not the call's", () => {
    expect(statements(9, 3, 9, 9, 3)).toMatchObject({ of: "a call", value: 3 });
  });

  test("is not the lowest: a call that was once answered at less cost is not a cheap one", () => {
    expect(statements(1, 3, 3, 3, 3)?.value).toBe(3);
  });

  test("tells the most that any of them had", () => {
    expect(statements(3, 3, 3, 9, 3)?.upTo).toBe(9);
  });

  test("has the middle of each of its parts", () => {
    expect(statements(3, 3, 3, 9, 3)?.parts).toEqual([{ text: "SELECT ?", value: 3 }]);
  });
});

test("a part that most samples do not have is none", () => {
  expect(partsOf([new Map([["a", 2]]), new Map([["a", 4]]), new Map([["b", 7]])])).toEqual([
    { text: "a", value: 2 },
  ]);
});

describe("the usual wait of an idle worker", () => {
  test.each([
    ["of one that waits alike", [100, 100, 100, 100, 100, 100, 100, 100], 100],
    ["of one that waits longer each time", [1, 2, 4, 8, 15, 15, 15, 15], 15],
    ["on a machine that is slow now and then", [100, 100, 100, 100, 100, 900, 100, 700], 100],
    ["of one that never asked", [], 0],
  ])("%s", (_, waits, usual) => {
    expect(usualWait(waits)).toBe(usual);
  });
});
