import type { CellResult } from "../cells/cell.ts";
import type { RunResult } from "../result.ts";

/** JUnit XML: a suite a run, a case a cell. A violation is a failure; what could not be judged is an error, never a skip. */
export function junitReport({ api, cells, counts, millis, startedAt, reasons, verdict }: RunResult): string {
  const errors = counts.missing + counts.infrastructure;
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${cells.length}" failures="${counts.violation}" errors="${errors}">`,
    `<testsuite name="interlock API ${attribute(api)}" tests="${cells.length}" failures="${counts.violation}" errors="${errors}" skipped="0" time="${millis / 1000}" timestamp="${startedAt}">`,
    ...cells.map(caseOf),
    ...(verdict === "pass" ? [] : [`<system-err>${escape(reasons.join("; "))}</system-err>`]),
    "</testsuite>",
    "</testsuites>",
  ];
  return `${lines.join("\n")}\n`;
}

/** JUnit XML of a run that came to no verdict: one error, so that nobody takes the silence for a pass. */
export const junitTrouble = (api: string, message: string): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites tests="1" failures="0" errors="1">',
    `<testsuite name="interlock API ${attribute(api)}" tests="1" failures="0" errors="1" skipped="0">`,
    `<testcase classname="interlock" name="run"><error type="infrastructure" message="${attribute(message.split("\n")[0] as string)}">${escape(message)}</error></testcase>`,
    "</testsuite>",
    "</testsuites>\n",
  ].join("\n");

function caseOf({ path, verdict, violations, reason, story, millis }: CellResult): string {
  const parts = path.split("/");
  const open = `<testcase classname="${attribute(parts.slice(0, 2).join("."))}" name="${attribute(parts[2] ?? path)}" time="${millis / 1000}"`;
  if (verdict === "pass") return `${open}/>`;
  const tag = verdict === "violation" ? "failure" : "error";
  const message = violations[0]?.witnesses[0] ?? reason ?? verdict;
  const told = violations.flatMap(({ check, definition, witnesses }) => [
    `${check}: ${definition}`,
    ...witnesses,
  ]);
  return `${open}><${tag} type="${verdict}" message="${attribute(message)}">${escape([...told, ...story].join("\n"))}</${tag}></testcase>`;
}

/** XML 1.0 has no way to write most control characters, nor half a surrogate pair: they are shown by their code. */
const escape = (text: string): string =>
  Array.from(text)
    .map((char) =>
      isXmlCharacter(char.codePointAt(0) as number)
        ? char
        : `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
    )
    .join("")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#13;");

/** Readers turn a line break or a tab of an attribute into a blank, unless it is written by its number. */
const attribute = (text: string): string => escape(text).replaceAll("\n", "&#10;").replaceAll("\t", "&#9;");

const isXmlCharacter = (code: number): boolean =>
  code === 0x9 ||
  code === 0xa ||
  code === 0xd ||
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  code >= 0x10000;
