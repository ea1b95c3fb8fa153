import { describe, expect, test } from "vitest";
import type { Fields } from "./json.ts";
import { GatheredReads, parseReads, recordedUses } from "./reads.ts";
import { aSet } from "./testing/edited.ts";
import { type Concerned, declaredUses } from "./use.ts";

function gathered() {
  const reads = new GatheredReads();
  for (const field of ["job.result_url", "job.query", "job.result_url"]) {
    reads.nextScenario();
    reads.answered("v5", "worker.claim");
    reads.answered("v5", "worker.claim");
    reads.read("v5", "worker.claim", field);
    reads.read("v5", "worker.claim", field);
  }
  return reads.reads;
}

const of = (field: string[], more: Partial<Concerned> = {}): Concerned => ({
  operation: "worker.claim",
  position: "reply",
  field,
  generation: "v5",
  reason: null,
  ...more,
});

test("reads are counted once a scenario, and are the same as they come back from a file", () => {
  expect(gathered().consumers).toEqual({
    "worker-v5": {
      generation: "v5",
      operations: { "worker.claim": { scenarios: 3, fields: { "job.query": 1, "job.result_url": 2 } } },
    },
  });
  expect(parseReads(JSON.stringify(gathered()))).toEqual(gathered());
});

test.each([
  ["{", "it is no JSON"],
  ["{}", "format: "],
  [JSON.stringify({ format: "interlock-reads", version: 0, consumers: {} }), "version: "],
  [
    JSON.stringify({ format: "interlock-reads", version: 2, consumers: [] }),
    "version 2 was made by a newer Interlock",
  ],
  [JSON.stringify({ format: "interlock-reads", version: 1, consumers: { a: 1 } }), "consumers.a: "],
])("%s is no record", (text, message) => {
  expect(() => parseReads(text)).toThrow(message);
});

describe("who uses a field", () => {
  const declared = declaredUses(aSet() as Fields);
  const { field, callers } = recordedUses(gathered(), declared);
  const told = (uses: ReturnType<typeof field>) =>
    uses.map(({ consumer, how, times, of: all, what }) => `${consumer} ${how} ${times}/${all} ${what}`);

  test("is said by what was recorded, and by what is declared", () => {
    expect(told(field(of(["job", "result_url"])))).toEqual([
      "worker-v5 reads it 2/3 scenarios",
      "worker-v5 reads it 4/6 interactions",
    ]);
    expect(told(field(of(["job", "priority"])))).toEqual([
      "worker-v5 reads it 0/3 scenarios",
      "worker-v5 reads it 0/6 interactions",
    ]);
  });

  test("is of the generation whose form it is", () => {
    expect(told(field(of(["job", "result_settings", "mode"], { generation: "v6" })))).toEqual([
      "worker-v6 reads it 1/3 interactions",
    ]);
  });

  test("is said of requests and refusals by what is declared alone", () => {
    const sent = of(["engines", "[]"], { position: "request", generation: null });
    expect(told(field(sent))).toEqual([
      "worker-v5 sends it 6/6 interactions",
      "worker-v6 sends it 3/3 interactions",
    ]);
    const refused = of([], { operation: "worker.finish", reason: "output_undelivered" });
    const [first] = told(field(refused));
    expect(first).toBe("worker-v5 reads it 2/8 interactions");
  });

  test("is unknown of an operation that no consumer on record calls", () => {
    expect(field(of(["status"], { operation: "job.show", generation: null }))).toEqual([]);
    expect(callers(of([], { operation: "job.show", generation: null }))).toEqual([]);
  });
});
