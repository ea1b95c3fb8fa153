import { casesTold, messageOf, toldOf } from "../cases-told.ts";
import type { Format } from "../format.ts";
import type { Case, Report } from "../report.ts";

/**
 * Common Test Report Format. What could not be judged is `failed` too, for a consumer that looks at failures alone; which
 * verdict it is stands in `rawStatus`.
 */
export const ctrf: Format = {
  to: "file",
  extension: "ctrf.json",
  description: "write CTRF (JSON) as well",
  render,
};

/** Of the specification, which the file says that it keeps. */
export const ctrfVersion = "0.0.0";

function render(report: Report): string {
  const { title, verdict, reasons, startedAt, millis = 0, coverage = [] } = report;
  const tests = casesTold(report).map((one) => testOf(one, report.file));
  const count = (status: string) => tests.filter((test) => test.status === status).length;
  const start = startedAt === undefined ? 0 : Date.parse(startedAt) || 0;
  const summary = {
    tests: tests.length,
    passed: count("passed"),
    failed: count("failed"),
    pending: 0,
    skipped: 0,
    other: 0,
    start,
    stop: start + Math.round(millis),
  };
  const results = {
    tool: { name: "interlock" },
    summary,
    tests,
    extra: { interlock: { title, verdict, reasons, coverage } },
  };
  return `${JSON.stringify({ reportFormat: "CTRF", specVersion: ctrfVersion, results })}\n`;
}

function testOf(one: Case, file: string | undefined) {
  const { path, verdict, violations, repeat, millis = 0 } = one;
  const suite = path.split("/").slice(0, -1);
  return {
    name: path,
    status: verdict === "pass" ? "passed" : "failed",
    rawStatus: verdict,
    duration: Math.round(millis),
    ...(suite.length === 0 ? {} : { suite }),
    ...(file === undefined ? {} : { filePath: file }),
    ...(verdict === "pass" ? {} : { message: messageOf(one), trace: toldOf(one).join("\n") }),
    extra: { interlock: { verdict, violations, ...(repeat === undefined ? {} : { repeat }) } },
  };
}
