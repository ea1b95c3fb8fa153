import { describe, expect, test } from "vitest";
import { decide } from "../decide.ts";
import type { Proof } from "../proof.ts";
import { candidateRun } from "../testing/question.ts";
import { asked, beside, run } from "../testing/rolled.ts";

/** GO rests on runs whose databases were set alike: what each shows it shows of one system. */

const other = { sql_mode: "", lower_case_table_names: "1" };
const decided = (proofs: readonly Proof[]) => decide(asked([], { proofs }));

describe("a run on a database of the same image that was set otherwise is in the way of GO", () => {
  test.each<[string, Proof[]]>([
    ["the matrix", [candidateRun({ settings: other }), beside(), run()]],
    ["the plan", [candidateRun(), beside(), run({ settings: other })]],
    ["the same jobs without its steps", [candidateRun(), beside({ settings: other }), run()]],
  ])("%s", (_, proofs) => {
    const { decision, exit, findings } = decided(proofs);
    expect({ decision, exit }).toEqual({ decision: "NO-GO", exit: 2 });
    expect(findings.map(({ what }) => what).join("\n")).toMatch(/were set otherwise: .*sql_mode/);
  });
});

test("one that shows nothing is not, nor one of another database", () => {
  expect(
    decided([candidateRun({ settings: other, rig: "simulated" }), candidateRun(), beside(), run()]),
  ).toMatchObject({
    decision: "GO",
  });
  const images = { mysql: `sha256:${"e".repeat(64)}` };
  const elsewhere = { images, settings: other };
  expect(decided([candidateRun(), beside(elsewhere), run(elsewhere)])).toMatchObject({ decision: "GO" });
});
