import { expect, test } from "vitest";
import { call } from "../../testing/model-calls.ts";
import type { ModelCall } from "../call.ts";
import { livesIn } from "./lives.ts";

/** What is made again under a name is another scheduled query, where it is sure when that was. */

const of = (at: number, what: string, more: Partial<ModelCall> = {}): ModelCall =>
  call(at, `scheduled_query.${what}` as ModelCall["operation"], { name: "daily" }, {}, more);
const missing: Partial<ModelCall> = { status: 404 };
const lost: Partial<ModelCall> = { status: null, excused: true };

const made = of(1_000, "create");
const run = of(2_000, "run");
const gone = of(3_000, "delete");
const madeAgain = of(5_000, "create");
const runAgain = of(6_000, "run");
const sizes = (...own: ModelCall[]) => livesIn(own).map((life) => life.length);

test("each life has its calls", () => {
  expect(livesIn([made, run, gone, madeAgain, runAgain])).toEqual([
    [made, run, gone],
    [madeAgain, runAgain],
  ]);
  expect(sizes(made, run)).toEqual([2]);
  expect(sizes(made, gone, of(3_500, "delete", missing), madeAgain, of(7_000, "delete"))).toEqual([3, 2]);
});

test.each<[string, ModelCall[]]>([
  ["a deletion that nobody heard of", [made, of(3_000, "delete", lost), madeAgain]],
  [
    "a creation that nobody heard of",
    [made, gone, of(4_000, "create", lost), of(9_000, "delete"), of(9_500, "create")],
  ],
  ["a creation of what was there", [made, madeAgain, runAgain]],
  ["a deletion of what was there before", [gone, madeAgain, runAgain]],
  ["a run while it is deleted", [made, of(2_999, "run", { returned: 3_001 }), gone, madeAgain]],
])("%s leaves nothing sure", (_, own) => {
  expect(livesIn(own)).toEqual([own]);
});
