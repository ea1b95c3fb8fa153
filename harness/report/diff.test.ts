import { describe, expect, test } from "vitest";
import type { Finding } from "../diff/finding.ts";
import { diffReport } from "./diff.ts";
import { rendered } from "./format.ts";
import { type FormatName, formats } from "./formats/index.ts";

const finding = (more: Partial<Finding>): Finding => ({
  id: "field-removed",
  severity: "breaks-consumer",
  fingerprint: "0a",
  operation: "worker.claim",
  place: "reply schema job.result_url",
  field: ["job", "result_url"],
  told: "is gone",
  used: ["worker-v5 reads it in 67 of 69 scenarios"],
  ...more,
});
const report = diffReport({
  before: "old",
  after: "new",
  operations: ["worker.claim", "job.show"],
  findings: [
    finding({}),
    finding({ id: "method-changed", fingerprint: "0b", place: "method", used: ["worker-v6 makes the call"] }),
    finding({ id: "text-changed", severity: "to-judge", fingerprint: "0c", told: "two ways", used: [] }),
    finding({ id: "field-added", severity: "compatible", fingerprint: "0d", told: "is new", used: [] }),
  ],
});

test("each change is a case of its own, and so is an operation without one", () => {
  expect(report.cases.map(({ path, verdict }) => `${path}: ${verdict}`)).toEqual([
    "contract/the contract: pass",
    "contract/worker.claim/field-removed 0a: violation",
    "contract/worker.claim/method-changed 0b: violation",
    "contract/worker.claim/text-changed 0c: missing",
    "contract/worker.claim/field-added 0d: pass",
    "contract/job.show: pass",
  ]);
});

describe("every change of an operation is told, with who is concerned", () => {
  const names: FormatName[] = ["terminal", "json", "junit", "markdown", "html", "ctrf", "annotations"];
  test.each(names)("in %s", async (name) => {
    const text = await rendered(formats[name], report, (given) => given);
    for (const part of ["worker-v5 reads it in 67 of 69 scenarios", "worker-v6 makes the call", "two ways"])
      expect(text).toContain(part);
    for (const id of ["field-removed", "method-changed", "text-changed"]) expect(text).toContain(id);
  });
});

test("annotations that leave out changes say how many", async () => {
  const many = Array.from({ length: 30 }, (_, i) => finding({ fingerprint: `${i}` }));
  const all = diffReport({ before: "old", after: "new", operations: [], findings: many });
  const text = await rendered(formats.annotations, all, (given) => given);
  expect(text).toContain("::21 more are not pass and not shown here");
});
