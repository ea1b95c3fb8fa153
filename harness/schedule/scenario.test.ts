import { expect, test } from "vitest";
import type { Row } from "../../contracts/values.ts";
import { expectedAtDestination, type Output, type Scenario } from "./scenario.ts";
import { scenarioOf, source } from "../testing/facts.ts";

const before: Row[] = [
  [1, "OLD"],
  [7, "OLD"],
];
const rows = source.rows;

test.each<[Output | null, Scenario["ending"], readonly Row[]]>([
  [null, "success", []],
  [{ kind: "invalid", url: "x" }, "refused", []],
  [{ kind: "web" }, "success", rows],
  [{ kind: "web", refuses: true }, "error", []],
  [{ kind: "web" }, "killed", []],
  [{ kind: "mysql", mode: "append" }, "success", rows],
  [{ kind: "mysql", mode: "append", before }, "success", [...before, ...rows]],
  [{ kind: "mysql", mode: "replace", before }, "success", rows],
  [{ kind: "mysql", mode: "truncate", before }, "success", rows],
  [{ kind: "mysql", mode: "truncate", before }, "error", before],
  [{ kind: "mysql", mode: "replace", before }, "killed", before],
  [{ kind: "mysql", mode: "append", before }, "refused", before],
  [{ kind: "mysql", mode: "append" }, "error", []],
  [{ kind: "mysql", mode: "update", unique: ["id"] }, "success", rows],
])("%j after a job that ended as %s holds %j", (output, ending, expected) => {
  expect(expectedAtDestination(scenarioOf({ output, ending }))).toEqual(expected);
});

test.each<[string[], readonly Row[]]>([
  [
    ["id"],
    [
      [1, "A"],
      [7, "OLD"],
      [2, null],
    ],
  ],
  [
    ["symbol"],
    [
      [7, "OLD"],
      [1, "A"],
      [2, null],
    ],
  ],
  [
    ["id", "symbol"],
    [
      [1, "OLD"],
      [7, "OLD"],
      [1, "A"],
      [2, null],
    ],
  ],
  [
    ["symbol", "id"],
    [
      [1, "OLD"],
      [7, "OLD"],
      [1, "A"],
      [2, null],
    ],
  ],
])("an update by %j overwrites rows that are equal there and adds the others", (unique, expected) => {
  const output: Output = { kind: "mysql", mode: "update", unique, before };
  expect(expectedAtDestination(scenarioOf({ output }))).toEqual(expected);
});
