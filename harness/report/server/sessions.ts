import type { Finding, SessionCheck } from "../../sessions/judge.ts";
import { exitOf, type Verdict } from "../../verdict.ts";
import type { Case, Report } from "../report.ts";

type CheckedUser = SessionCheck["users"][number];

/** What the connections of a run used. */
export function sessionsReport(title: string, check: SessionCheck, millis: number): Report {
  const { users } = check;
  const findings = users.flatMap((one) => one.findings.map((finding) => findingLine(one, finding)));
  const lacks = [
    ...check.lacks,
    ...users.flatMap(({ user, lacks }) => lacks.map((why) => `${user}: ${why}`)),
  ];
  const verdict = verdictOf(findings.length, lacks.length);
  const unpinned = users.flatMap(({ user, unpinned }) =>
    unpinned.length === 0 ? [] : [`not pinned of ${user}: ${unpinned.join(", ")}`],
  );
  const all = users.reduce((sum, { connections }) => sum + connections, 0);
  return {
    title,
    verdict,
    reasons: [...findings, ...lacks],
    millis,
    cases: users.map(caseOf),
    coverage: unpinned,
    text: [
      ...findings.map((line) => `✕ ${line}`),
      ...lacks.map((line) => `? ${line}`),
      ...users.filter(({ connections }) => connections > 0).map((one) => `  ${figures(one)}`),
      ...unpinned.map((line) => `  ${line}`),
      `${verdict.toUpperCase()}: ${all} connections of ${users.length} accounts, ${findings.length} findings; ${(millis / 1000).toFixed(1)} s`,
    ].join("\n"),
    data: { verdict, exit: exitOf[verdict], ...check },
  };
}

const verdictOf = (findings: number, lacks: number): Verdict =>
  findings > 0 ? "violation" : lacks > 0 ? "missing" : "pass";

function caseOf(one: CheckedUser): Case {
  const lines = [...one.findings.map((finding) => findingLine(one, finding)), ...one.lacks];
  return {
    path: `sessions/${one.user}`,
    verdict: verdictOf(one.findings.length, one.lacks.length),
    violations: [],
    ...(lines.length === 0 ? {} : { reason: lines.join("; ") }),
    story: lines,
  };
}

const findingLine = (one: CheckedUser, { what, found, pinned, connections, next }: Finding): string =>
  `${one.user}: ${what} is ${found}, pinned ${pinned}, on ${connections} of ${one.connections} connections: ${next}`;

const figures = ({ user, connections, perSecond, statements }: CheckedUser): string =>
  `${user}: ${connections} connections, ${perSecond.toFixed(1)} a second, ${statements?.toFixed(1) ?? "?"} statements each`;
