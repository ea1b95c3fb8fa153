import type { Millis } from "../../contracts/values.ts";
import type { Decision } from "../gate/decide.ts";
import type { Build } from "../gate/policy.ts";
import { type Finding, type Next, short } from "../gate/question.ts";
import type { Recorded } from "../gate/recorded.ts";
import { commandTo } from "../installation.ts";
import { releaseFlags, stepFlags } from "../shell-words.ts";
import { verdicts, worstOf } from "../verdict.ts";
import { type Case, historyIn, type Report } from "./report.ts";

export interface GateAsked {
  candidate: readonly Build[];
  /** SHA-256 of the file that lists what is live. */
  deployed: string;
  /** Milliseconds since the epoch. */
  decidedAt: Millis;
  /** Arguments that every command needs that is printed, such as another config. */
  further: readonly string[];
}

/** What the gate decided: its first line says it, and each thing that speaks against it has its next step. */
export function gateReport(
  decision: Decision,
  asked: GateAsked,
  recorded: ReadonlyMap<Finding, Recorded> = new Map(),
): Report {
  const { findings, green, exit } = decision;
  const verdict = worstOf(findings.map((finding) => finding.verdict));
  const headline = headlineOf(decision);
  return {
    title: `gate: ${asked.candidate.map(short).join(", ")}`,
    verdict,
    exit,
    reasons: verdict === "pass" ? [] : [headline],
    cases: [
      ...green.map((pair): Case => ({ path: `gate/${pair}`, verdict: "pass", violations: [], story: [] })),
      ...findings.map((finding) => ({ ...caseOf(finding, asked), ...historyIn(recorded.get(finding)) })),
    ],
    coverage: unaskedLines(decision),
    text: linesOf(decision, headline, asked).join("\n"),
    data: {
      ...decision,
      // What it was decided about, so that whoever deploys can see whether it holds for that: `interlock holds`.
      candidate: asked.candidate,
      deployed: asked.deployed,
      decidedAt: momentOf(asked.decidedAt),
      validUntil: momentOf(decision.validUntil),
      findings: findings.map((finding) => ({ ...finding, next: nextLine(finding.next, asked) })),
    },
  };
}

/** The commands that show what is missing, each once; what is to be done by hand is not among them. */
export function missingCommands(
  { findings }: Pick<Decision, "findings">,
  further: readonly string[],
): string[] {
  const nexts = groupsOf(findings.filter(({ verdict }) => verdict === "missing")).map(nextOf);
  return [...new Set(nexts.filter((next) => !("do" in next)).map((next) => nextLine(next, { further })))];
}

function headlineOf({ decision, findings, required, shown, unasked, override }: Decision): string {
  const counts = verdicts.flatMap((verdict) => {
    const count = findings.filter((finding) => finding.verdict === verdict).length;
    return count === 0 ? [] : `${count} ${verdict}${verdict === "violation" && count > 1 ? "s" : ""}`;
  });
  const by = override !== null && "by" in override ? `, and ${override.by.owner} answers for it` : "";
  const against = counts.length === 0 ? "" : `: ${counts.join(", ")}${decision === "NO-GO" ? "" : by}`;
  const left = unasked.length === 0 ? "" : `, and ${unasked.length} kinds of things were not asked for`;
  return `${decision}${against}; ${shown} of ${required} required things were shown${left}`;
}

const unaskedLines = ({ unasked }: Decision): string[] => unasked.map((what) => `not asked for: ${what}`);

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
  const groups = groupsOf(findings);
  return [
    headline,
    ...(until === null ? [] : [`holds until ${until}`]),
    ...(override === null ? [] : [overrideLine(override)]),
    `candidate: ${asked.candidate.map(short).join(", ")}`,
    ...pairs.map((pair) => `live together: ${pair}`),
    ...groups.slice(0, told).flatMap((group) => groupLines(group, findings, asked)),
    ...(groups.length > told ? [`… and ${groups.length - told} more, all in --json`] : []),
    ...known,
    ...counted.map((folder) => `rests on ${folder}`),
    ...unaskedLines(decision),
    // Names of folders, and what evidence says of itself, are lines of their own nowhere.
  ].map(onOneLine);
}

/** A whole run of a pair that is missing, which would show its cells too. */
const isWhole = ({ verdict, cell, next }: Finding): boolean =>
  verdict === "missing" && cell === null && "run" in next;

const isCovered = ({ verdict, cell, pair, next }: Finding, all: readonly Finding[]): boolean =>
  verdict === "missing" &&
  cell !== null &&
  "run" in next &&
  all.some((one) => isWhole(one) && one.pair === pair);

const withoutCovered = (all: readonly Finding[]): Finding[] =>
  all.filter((finding) => !isCovered(finding, all));

/** Findings of one kind are told once: what broke the same in one history, or is missing for the same reason. */
const wayOf = ({ verdict, pair, what, next }: Finding): string =>
  [
    verdict,
    pair,
    ...("check" in next ? [next.check, what.split(":", 1)[0]] : [what]),
    ...("replay" in next ? [JSON.stringify(next.replay)] : []),
  ].join("\n");

const groupsOf = (findings: readonly Finding[]): [Finding, ...Finding[]][] =>
  [...Map.groupBy(withoutCovered(findings), wayOf).values()] as [Finding, ...Finding[]][];

/** What to do about all findings of a kind: a whole run shows what several of its cells would. */
const nextOf = ([{ next }, ...others]: readonly [Finding, ...Finding[]]): Next =>
  "run" in next && others.length > 0 ? { run: { ...next.run, cell: null } } : next;

function groupLines(
  group: readonly [Finding, ...Finding[]],
  all: readonly Finding[],
  asked: GateAsked,
): string[] {
  const [first, ...others] = group;
  const { verdict, pair, cell, what } = first;
  const covered = all.filter((one) => one.pair === pair && isCovered(one, all)).length;
  const where = isWhole(first) ? `whole matrix, and ${covered} cells of it` : (cell ?? "");
  const more = others.length === 0 ? "" : ` (and in ${others.length} more)`;
  const about = [verdict, pair ?? "", where].filter((part) => part !== "").join("  ");
  return [`${about}: ${firstLine(what)}${more}`, `  next: ${nextLine(nextOf(group), asked)}`];
}

const onOneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");

const firstLine = (text: string): string => (text.split("\n", 1)[0] as string).slice(0, 300);

function overrideLine(override: NonNullable<Decision["override"]>): string {
  if ("refused" in override) return `no override: ${override.refused}`;
  const { owner, reason, expires } = override.by;
  return `overridden by ${owner} until ${expires}: ${reason}`;
}

function nextLine(next: Next, { further }: Pick<GateAsked, "further">): string {
  if ("do" in next) return next.do;
  if ("check" in next) return commandTo("check", `${next.check}/history.jsonl`);
  if ("replay" in next) {
    const { file, digest, to = {} } = next.replay;
    const there = stepFlags(to);
    const rest = [
      "--rig",
      "containers",
      "--digest",
      digest,
      ...releaseFlags(next.replay),
      ...there,
      ...further,
    ];
    return commandTo("replay", file, ...rest);
  }
  if ("cost" in next) {
    const { deployed, candidate, finished, jobs } = next.cost;
    const load = ["--finished", String(finished), "--jobs", String(jobs)];
    const live = releaseFlags(deployed).map((word) => word.replace(/^--/, "--deployed-"));
    return commandTo("cost", ...releaseFlags(candidate), ...live, ...load, ...further);
  }
  const { api, cell } = next.run;
  const cells = cell === null ? [] : ["--cell", `${api}/${cell}`];
  return commandTo("run", ...releaseFlags(next.run), ...cells, ...further);
}

const momentOf = (millis: number | null): string | null =>
  millis === null ? null : new Date(millis).toISOString();
