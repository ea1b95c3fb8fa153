import { casesTold, messageOf, toldOf } from "../cases-told.ts";
import type { Format } from "../format.ts";
import type { Case, Report } from "../report.ts";
import { attribute, escape } from "../xml.ts";

/** JUnit XML: a suite a report. A violation is a failure; what could not be judged is an error, never a skip. */
export const junit: Format = { to: "file", extension: "xml", description: "write JUnit XML as well", render };

function render(report: Report): string {
  const { title, startedAt, millis } = report;
  const isShown = report.verdict === "pass" || report.cases.some(({ verdict }) => verdict !== "pass");
  const cases = casesTold(report).map(caseOf);
  const tags = cases.map(({ tag }) => tag);
  const [failures, errors] = [countOf(tags, "failure"), countOf(tags, "error")];
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}"`;
  const times = [
    ...(millis === undefined ? [] : [` time="${Math.round(millis) / 1000}"`]),
    ...(startedAt === undefined ? [] : [` timestamp="${startedAt}"`]),
  ].join("");
  const reasons = isShown ? report.reasons : [];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `<testsuite name="interlock ${attribute(title)}" ${counts} skipped="0"${times}>`,
    ...cases.map(({ xml }) => xml),
    ...(reasons.length === 0 ? [] : [`<system-err>${escape(reasons.join("; "))}</system-err>`]),
    "</testsuite>",
    "</testsuites>\n",
  ].join("\n");
}

interface WrittenCase {
  tag: "failure" | "error" | null;
  xml: string;
}

const countOf = (tags: readonly WrittenCase["tag"][], wanted: WrittenCase["tag"]): number =>
  tags.filter((tag) => tag === wanted).length;

function caseOf(one: Case): WrittenCase {
  const { path, verdict, millis } = one;
  const parts = path.split("/");
  const name = parts.pop() as string;
  const time = millis === undefined ? "" : ` time="${Math.round(millis) / 1000}"`;
  const open = `<testcase classname="${attribute(parts.join("."))}" name="${attribute(name)}"${time}`;
  if (verdict === "pass") return { tag: null, xml: `${open}/>` };
  const tag = verdict === "violation" ? "failure" : "error";
  return {
    tag,
    xml: `${open}><${tag} type="${verdict}" message="${attribute(messageOf(one))}">${escape(toldOf(one).join("\n"))}</${tag}></testcase>`,
  };
}
