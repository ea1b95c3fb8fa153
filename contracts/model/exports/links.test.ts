import { describe, expect, test } from "vitest";
import { asked, lost, otherwise, problems, shown, target } from "../../testing/export-calls.ts";
import { look } from "../../testing/model-calls.ts";
import type { ModelCall } from "../call.ts";

/** The link to an export whose answer was lost. */

describe("an export that nobody has heard of, once it was shown as the newest,", () => {
  const unheard = otherwise(12_000, () => lost);
  const again = (at: number, link: number | null) => [...unheard, target(at, link)];
  const seen = (more: readonly ModelCall[]) =>
    problems(more).filter((problem) => problem.includes("linked_result_export_job_id"));

  test("is shown again, and gives way to a newer one", () => {
    expect(seen(again(16_000, 3))).toEqual([]);
    expect(seen([...again(16_000, 3), asked(17_000, "5"), target(18_000, 5)])).toEqual([]);
  });

  test("may be shown later than one that was ordered after it", () => {
    const last = [...unheard.filter(({ returned }) => returned !== 13_000), asked(16_000, "5")];
    expect(seen([...last, target(17_000, 5), target(18_000, 3), target(19_000, 3)])).toEqual([]);
  });

  const other = (job: string, ofJob: number) => {
    const its = { job_id: job, query: `RESULT EXPORT OF JOB ${ofJob}`, result_export_target_job_id: ofJob };
    return look(15_500, { ...shown, ...its }, { request: { job_id: job } });
  };
  test.each<[string, ModelCall[]]>([
    ["is gone again", again(16_000, null)],
    ["gives way to an older one", again(16_000, 2)],
    ["is another one than the only order can have made", again(16_000, 4)],
    ["was ordered for another job", [...unheard, other("3", 7)]],
    [
      "is shown before it was ordered",
      unheard.map((one) => (one.returned === 8_000 ? target(8_000, 3) : one)),
    ],
    [
      "is a second job under a key that has one",
      otherwise(12_000, ({ request }) => ({ ...lost, request: { ...request, domain_key: "k2" } })),
    ],
    [
      "gives way to an older one that was shown beside it",
      [
        ...unheard.filter(({ returned }) => returned !== 13_000),
        asked(16_000, "5"),
        target(17_000, 5),
        target(18_000, 3),
        target(19_000, 5),
      ],
    ],
  ])("is wrong where it %s", (_, calls) => {
    expect(seen(calls)).not.toEqual([]);
  });
});
