import fc from "fast-check";
import { expect, test } from "vitest";
import type { Row, Value } from "../../contracts/values.ts";
import { baseSchedule } from "../../harness/explore/workloads.ts";
import { allBroken, judgeHistory } from "../../harness/invariants/judge.ts";
import { runSchedules } from "../../harness/rigs/in-process/run.ts";
import { asksAll } from "../../harness/rigs/questions.ts";
import type { Scenario } from "../../harness/schedule/scenario.ts";
import { releases, rigOf } from "../status-sync/system.ts";

/** The model and the reference API, written apart from each other, make the same files of any rows. */

const columns: Scenario["source"]["columns"] = [
  ["id", "bigint"],
  ["text", "string"],
  ["x", "double"],
];
const hard = fc.constantFrom(
  '"',
  ",",
  "\n",
  "\r",
  "\t",
  "\\",
  "\\N",
  "NULL",
  "",
  "ü",
  "😀",
  "\0",
  "\ufeff",
  " ",
);
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(hard).map((parts) => parts.join("")),
);
const orNull = <T extends Value>(value: fc.Arbitrary<T>): fc.Arbitrary<Value> =>
  fc.option<T>(value, { freq: 5 });
const row: fc.Arbitrary<Row> = fc.tuple(
  orNull(fc.oneof(fc.integer(), fc.maxSafeInteger())),
  orNull(text),
  orNull(fc.double({ noNaN: true, noDefaultInfinity: true })),
);

const rig = await rigOf();
const [template] = rig.scenarios.filter(({ name }) => name === "no-output");

/** A run of one job that reads these rows, and of which everything is asked. */
async function readAll(rows: readonly Row[]) {
  const scenario = { ...(template as Scenario), source: { name: "any_rows", columns, rows } };
  const schedule = baseSchedule("presto", scenario.name, releases, 1);
  expect(asksAll(schedule)).toBe(true);
  const [run] = await runSchedules({ ...rig, scenarios: [scenario] }, [schedule]);
  const events = run?.events ?? [];
  const reads = events.filter((event) => event.kind === "exchange" && event.operation === "job.result");
  return { reads: reads.length, broken: allBroken(judgeHistory(events)) };
}

test("of any rows", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 12 }), async (rows) => {
      const { reads, broken } = await readAll(rows);
      expect(reads).toBeGreaterThan(15);
      expect(broken).toEqual([]);
    }),
    { numRuns: 500, seed: 1 },
  );
});
