import type { PlanCheck } from "../../query-plans/check.ts";
import { exitOf, type Verdict } from "../../verdict.ts";
import type { Case, Report } from "../report.ts";

type Checked = PlanCheck["checked"][number];

/** How the statements of a run go through their tables. */
export function queryPlansReport(title: string, check: PlanCheck, millis: number): Report {
  const { checked, allowed, untouched } = check;
  const red = checked.filter(({ findings }) => findings.length > 0);
  const lacks = [
    ...check.lacks,
    ...checked.flatMap((one) => one.lacks.map((lack) => `${lackLine(lack)}: ${short(one.statement)}`)),
  ];
  const verdict: Verdict = red.length > 0 ? "violation" : lacks.length > 0 ? "missing" : "pass";
  return {
    title,
    verdict,
    reasons: [...red.flatMap((one) => findingLines(one)), ...lacks],
    millis,
    cases: checked.map(caseOf),
    coverage: [
      ...allowed.map((line) => `allowed: ${line}`),
      ...untouched.map((table) => `no statement went through ${table}`),
    ],
    text: [
      ...red.flatMap((one) => [
        ...findingLines(one).map((line) => `✕ ${line}`),
        `    ${one.times} times: ${short(one.statement)}`,
      ]),
      ...lacks.map((line) => `? ${line}`),
      ...allowed.map((line) => `  allowed: ${line}`),
      ...(untouched.length === 0 ? [] : [`  no statement went through ${untouched.join(", ")}`]),
      `${verdict.toUpperCase()}: the plans of ${checked.length} statements, ${red.length} through too many rows; ${(millis / 1000).toFixed(1)} s`,
    ].join("\n"),
    data: { verdict, exit: exitOf[verdict], ...check },
  };
}

function caseOf(one: Checked): Case {
  const { statement, findings, lacks } = one;
  const path = `query plans/${statement}`;
  const verdict: Verdict = findings.length > 0 ? "violation" : lacks.length > 0 ? "missing" : "pass";
  const lines = [...findingLines(one), ...lacks.map(lackLine)];
  return {
    path,
    verdict,
    violations: [],
    ...(lines.length === 0 ? {} : { reason: lines.join("; ") }),
    story: lines,
  };
}

const findingLines = ({ findings }: Checked): string[] =>
  findings.map(
    ({ table, access, key, rows, next }) =>
      `${table}: ${rows} rows each time (${access}${key === null ? "" : `, ${key}`}): ${next}`,
  );

const lackLine = ({ table, why }: Checked["lacks"][number]): string =>
  table === null ? why : `${table}: ${why}`;

/** Characters of a statement that is told. */
const mostText = 300;
const short = (text: string): string => (text.length > mostText ? `${text.slice(0, mostText)}…` : text);
