import { casesTold, messageOf, toldOf } from "../cases-told.ts";
import type { Format } from "../format.ts";
import type { Case, Report } from "../report.ts";
import { attribute, escape } from "../xml.ts";

/** JUnit XML: a suite a report. A violation is a failure; what could not be judged is an error, never a skip. */
export const junit: Format = { to: "file", extension: "xml", description: "write JUnit XML as well", render };

function render(report: Report): string {
  const { title, startedAt, millis, file, coverage = [] } = report;
  const isShown = report.verdict === "pass" || report.cases.some(({ verdict }) => verdict !== "pass");
  const told = casesTold(report);
  const taken = new Map<string, number>();
  const room = mostTextBytes / told.filter(({ verdict }) => verdict !== "pass").length;
  const cases = told.map((one) => caseOf(one, nameOf(one, taken), { file, room }));
  const tags = cases.map(({ tag }) => tag);
  const [failures, errors] = [countOf(tags, "failure"), countOf(tags, "error")];
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}"`;
  const times = [
    ...(millis === undefined ? [] : [` time="${Math.round(millis) / 1000}"`]),
    ...(startedAt === undefined ? [] : [` timestamp="${attribute(startedAt)}"`]),
  ].join("");
  const reasons = isShown ? report.reasons : [];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `<testsuite name="interlock ${attribute(title)}" ${counts} skipped="0"${times}>`,
    ...cases.map(({ xml }) => xml),
    ...(coverage.length === 0 ? [] : [`<system-out>${escape(coverage.join("\n"))}</system-out>`]),
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

interface CaseName {
  classname: string;
  name: string;
}

/**
 * Never empty, and each only once: consumers leave out what has no name, and drop what has that of another case.
 *
 * @param taken by class and name: how many cases had it, or were to have it
 */
function nameOf({ path }: Case, taken: Map<string, number>): CaseName {
  const parts = path.split("/");
  const last = parts.pop() || "unnamed";
  const classname = parts.join(".") || "interlock";
  const keyOf = (name: string) => `${classname}\0${name}`;
  let name = last;
  let n = taken.get(keyOf(last)) ?? 0;
  while (taken.has(keyOf(name))) name = `${last} (${(n += 1)})`;
  taken.set(keyOf(last), Math.max(n, 1));
  taken.set(keyOf(name), taken.get(keyOf(name)) ?? 1);
  return { classname, name };
}

/** With its message, which some consumers look for in the text alone. */
function textOf(one: Case): string {
  const [message, told] = [messageOf(one), toldOf(one)];
  return (told.includes(message) ? told : [message, ...told]).join("\n");
}

/** GitLab reads no file of more than 30 MB: what all texts may have, half of it the messages. */
const mostTextBytes = 20_000_000;

/** As much of a text as has this many bytes when it is escaped. */
function within(text: string, room: number, escaping: (text: string) => string): string {
  const whole = escaping(text);
  const bytes = Buffer.byteLength(whole);
  if (bytes <= room) return whole;
  const share = Math.floor((text.length * room) / bytes) - 1;
  return within(`${text.slice(0, Math.max(share, 0))}…`, Math.max(room, 3), escaping);
}

function caseOf(
  one: Case,
  { classname, name }: CaseName,
  { file, room }: { file: string | undefined; room: number },
): WrittenCase {
  const { verdict, millis } = one;
  const place = file === undefined ? "" : ` file="${attribute(file)}"`;
  const time = millis === undefined ? "" : ` time="${Math.round(millis) / 1000}"`;
  const open = `<testcase classname="${attribute(classname)}" name="${attribute(name)}"${place}${time}`;
  if (verdict === "pass") return { tag: null, xml: `${open}/>` };
  const tag = verdict === "violation" ? "failure" : "error";
  return {
    tag,
    xml: `${open}><${tag} type="${verdict}" message="${within(messageOf(one), room / 2, attribute)}">${within(textOf(one), room / 2, escape)}</${tag}></testcase>`,
  };
}
