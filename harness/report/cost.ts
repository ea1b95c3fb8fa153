import { type Compared, lacksOf, mostRatio } from "../cost/compare.ts";
import { type CostResult, isUnfair, type Releases } from "../cost/run-cost.ts";
import { exitOf, type Verdict } from "../verdict.ts";
import type { Case, Report } from "./report.ts";

/** What the candidate costs beside what is deployed. */
export function costReport(result: CostResult, millis: number): Report {
  const { compared, deployed, candidate, load } = result;
  const red = compared.filter(({ isRed }) => isRed);
  const missing = lacksOf(result);
  const verdict = verdictOf(result);
  const excuse = verdict === "infrastructure" ? [`${result.starved}: ${again}`] : [];
  return {
    title: `cost of ${inWords(candidate.releases)} beside ${inWords(deployed.releases)}`,
    verdict,
    reasons: [...excuse, ...red.map(inLine), ...missing],
    millis,
    cases: casesOf(compared, verdict),
    text: [
      ...alike(red).flatMap(([first, ...others]) => [
        `✕ ${inLine(first)}${others.length === 0 ? "" : `; likewise ${others.length} more of it`}`,
        ...grownLines(first).map((line) => `    ${line}`),
      ]),
      ...missing.map((line) => `? ${line}`),
      ...excuse.map((line) => `! ${line}`),
      `${verdict.toUpperCase()}: ${compared.length} counts compared, ${red.length} too high; ${load.finished} ended jobs, ${load.queued} waiting, ${load.jobs} run; ${(millis / 1000).toFixed(1)} s`,
    ].join("\n"),
    data: { verdict, exit: exitOf[verdict], ...result },
  };
}

/** What is too high speaks against the candidate, unless others had taken the machine. */
function verdictOf(result: CostResult): Verdict {
  if (isUnfair(result)) return "infrastructure";
  if (result.compared.some(({ isRed }) => isRed)) return "violation";
  return lacksOf(result).length > 0 ? "missing" : "pass";
}

const again = "counts of such a run say nothing; run it again when nothing else runs";

/** Of counts of the same operation and unit the first tells enough. */
const alike = (red: readonly Compared[]): [Compared, ...Compared[]][] =>
  [...Map.groupBy(red, ({ of, unit }) => `${of.split(",", 1)[0]}: ${unit}`).values()].map(
    (all) => all as [Compared, ...Compared[]],
  );

/** All counts of one thing are one case. */
const casesOf = (compared: readonly Compared[], verdict: Verdict): Case[] =>
  [...Map.groupBy(compared, ({ of }) => of)].map(([of, all]): Case => {
    const red = all.filter(({ isRed }) => isRed);
    const path = `cost/${of}`;
    return red.length === 0
      ? { path, verdict: "pass", violations: [], story: [] }
      : {
          path,
          verdict,
          violations: [],
          reason: red.map(inLine).join("; "),
          story: red.flatMap(grownLines),
        };
  });

const inLine = ({ of, unit, deployed, candidate, most, isBudget }: Compared): string =>
  `${of}: ${figure(candidate)} ${unit}, deployed ${figure(deployed)}; ${isBudget ? "the budget is" : "at most"} ${figure(most)}${isBudget || most !== deployed * mostRatio || deployed === 0 ? "" : ` (${mostRatio} times)`}`;

const grownLines = ({ grown }: Compared): string[] =>
  grown.map(
    ({ text, deployed, candidate }) =>
      `${figure(candidate)}, deployed ${figure(deployed)}: ${text.length > mostText ? `${text.slice(0, mostText)}…` : text}`,
  );

/** Characters of a statement that is told. */
const mostText = 200;

const figure = (value: number): string => String(Math.round(value * 100) / 100);

const inWords = ({ api, workers }: Releases): string =>
  [`API ${api}`, ...Object.entries(workers).map(([generation, release]) => `${generation} ${release}`)].join(
    ", ",
  );
