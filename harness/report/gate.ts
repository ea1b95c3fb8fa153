import type { Decision } from "../gate/decide.ts";
import type { Build } from "../gate/policy.ts";
import { type Finding, type Next, short } from "../gate/question.ts";
import { verdicts, worstOf } from "../verdict.ts";
import type { Case, Report } from "./report.ts";
import { shellWords } from "./shell-words.ts";

export interface GateAsked {
  candidate: readonly Build[];
  /** Arguments that every command needs that is printed, such as another config. */
  further: readonly string[];
}

/** What the gate decided: its first line says it, and each thing that speaks against it has its next step. */
export function gateReport(decision: Decision, asked: GateAsked): Report {
  const { findings, pairs, exit } = decision;
  const verdict = worstOf(findings.map((finding) => finding.verdict));
  const headline = headlineOf(decision);
  const open = new Set(findings.map(({ pair }) => pair));
  return {
    title: `gate: ${asked.candidate.map(short).join(", ")}`,
    verdict,
    exit,
    reasons: verdict === "pass" ? [] : [headline],
    cases: [
      ...pairs
        .filter((pair) => !open.has(pair))
        .map((pair): Case => ({ path: `gate/${pair}`, verdict: "pass", violations: [], story: [] })),
      ...findings.map((finding) => caseOf(finding, asked)),
    ],
    text: linesOf(decision, headline, asked).join("\n"),
    data: {
      ...decision,
      validUntil: momentOf(decision.validUntil),
      findings: findings.map((finding) => ({ ...finding, next: nextLine(finding.next, asked) })),
    },
  };
}

function headlineOf({ decision, findings, required, shown, override }: Decision): string {
  const counts = verdicts.flatMap((verdict) => {
    const count = findings.filter((finding) => finding.verdict === verdict).length;
    return count === 0 ? [] : `${count} ${verdict}`;
  });
  const by = override !== null && "by" in override ? `, and ${override.by.owner} answers for it` : "";
  const against = counts.length === 0 ? "" : `: ${counts.join(", ")}${decision === "NO-GO" ? "" : by}`;
  return `${decision}${against}; ${shown} of ${required} required things were shown`;
}

function caseOf({ verdict, pair, cell, what, next }: Finding, asked: GateAsked): Case {
  return {
    path: ["gate", pair ?? "the question", ...(cell === null ? [] : [cell])].join("/"),
    verdict,
    violations: [],
    reason: what,
    story: [],
    repeat: nextLine(next, asked),
  };
}

/** Findings that are printed; all are in the other formats. */
const told = 20;

function linesOf(decision: Decision, headline: string, asked: GateAsked): string[] {
  const { findings, pairs, counted, known, override } = decision;
  const until = momentOf(decision.validUntil);
  const { lines, untold } = foldedBy(findings, asked);
  return [
    headline,
    ...(until === null ? [] : [`holds until ${until}`]),
    ...(override === null ? [] : [overrideLine(override)]),
    `candidate: ${asked.candidate.map(short).join(", ")}`,
    ...pairs.map((pair) => `live together: ${pair}`),
    ...lines,
    ...(untold === 0 ? [] : [`… and ${untold} more, all in --json`]),
    ...known,
    ...counted.map((folder) => `rests on ${folder}`),
  ];
}

/** What a whole run of a pair would show is told once, with the number of its cells. */
function foldedBy(findings: readonly Finding[], asked: GateAsked): { lines: string[]; untold: number } {
  const isWhole = ({ verdict, cell, next }: Finding) =>
    verdict === "missing" && cell === null && "run" in next;
  const wholes = new Map(findings.filter(isWhole).map(({ pair }) => [pair, 0]));
  const shown = findings.filter((finding) => {
    const within = wholes.get(finding.pair);
    if (finding.verdict !== "missing" || finding.cell === null || within === undefined) return true;
    wholes.set(finding.pair, within + 1);
    return false;
  });
  const lines = shown.slice(0, told).flatMap((finding) => {
    const { verdict, pair, cell, what, next } = finding;
    const within = isWhole(finding) ? [`whole matrix, and ${wholes.get(pair)} cells of it`] : [];
    const about = [...(pair === null ? [] : [pair]), ...(cell === null ? within : [cell])];
    return [`${[verdict, ...about].join("  ")}: ${firstLine(what)}`, `  next: ${nextLine(next, asked)}`];
  });
  return { lines, untold: Math.max(0, shown.length - told) };
}

const firstLine = (text: string): string => (text.split("\n", 1)[0] as string).slice(0, 300);

function overrideLine(override: NonNullable<Decision["override"]>): string {
  if ("refused" in override) return `no override: ${override.refused}`;
  const { owner, reason, expires } = override.by;
  return `overridden by ${owner} until ${expires}: ${reason}`;
}

function nextLine(next: Next, { further }: GateAsked): string {
  if ("do" in next) return next.do;
  if ("check" in next) return shellWords(["script/interlock", "check", `${next.check}/history.jsonl`]);
  const { api, workers, cell } = next.run;
  return shellWords([
    "script/compat",
    "--api",
    api,
    ...Object.entries(workers).flatMap(([generation, release]) => ["--worker", `${generation}=${release}`]),
    ...(cell === null ? [] : ["--cell", `${api}/${cell}`]),
    ...further,
  ]);
}

const momentOf = (millis: number | null): string | null =>
  millis === null ? null : new Date(millis).toISOString();
