import type { Finding } from "../diff/finding.ts";
import { changes, type Severity, severities } from "../diff/severity.ts";
import { legible } from "../errors.ts";
import { exitOf, type Verdict } from "../verdict.ts";
import type { Case, Report } from "./report.ts";

/** Two contracts that were compared. */
export interface Compared {
  before: string;
  after: string;
  findings: readonly Finding[];
  /** Operations of both, by name, for those that are as they were. */
  operations: readonly string[];
}

/** A change that somebody has to look at is no evidence of either: `missing`. */
const verdictBy: Readonly<Record<Severity, Verdict>> = {
  "breaks-consumer": "violation",
  "breaks-provider": "violation",
  "to-judge": "missing",
  compatible: "pass",
};

const verdictOf = (findings: readonly Finding[]): Verdict => {
  const worst = severities.find((severity) => findings.some((one) => one.severity === severity));
  return verdictBy[worst ?? "compatible"];
};

const marks: Readonly<Record<Verdict, string>> = {
  pass: "✓",
  violation: "✕",
  missing: "?",
  infrastructure: "!",
};

/** What a comparison found, with a case for each change, and one for each operation that has none. */
export function diffReport({ before, after, findings, operations }: Compared): Report {
  const verdict = verdictOf(findings);
  const counts = Object.fromEntries(
    severities.map((severity) => [severity, findings.filter((one) => one.severity === severity).length]),
  ) as Record<Severity, number>;
  const summary = summaryOf(counts);
  return {
    title: `diff ${before} ${after}`,
    verdict,
    reasons: verdict === "pass" ? [] : [summary],
    cases: casesOf(findings, operations),
    text: [
      ...severities.flatMap((severity) => linesOf(severity, findings)),
      `${words[verdict]}: ${summary}`,
    ].join("\n"),
    data: { before, after, verdict, exit: exitOf[verdict], counts, findings },
  };
}

const words: Readonly<Record<Verdict, string>> = {
  pass: "COMPATIBLE",
  violation: "BREAKING",
  missing: "TO BE JUDGED",
  infrastructure: "INFRASTRUCTURE",
};

const summaryOf = (counts: Readonly<Record<Severity, number>>): string =>
  Object.values(counts).every((count) => count === 0)
    ? "no changes"
    : `changes: ${counts["breaks-consumer"]} break consumers, ${counts["breaks-provider"]} break the provider, ${counts["to-judge"]} to be judged, ${counts.compatible} compatible`;

const none = "the contract";

/** Names and values are whatever others wrote: they stay in their line, and move no cursor. */
const plain = (text: string): string => legible(text.replaceAll(/\s+/g, " "));

function casesOf(findings: readonly Finding[], operations: readonly string[]): Case[] {
  const byOperation = Map.groupBy(findings, ({ operation }) => operation ?? none);
  const names = [...new Set([none, ...operations, ...byOperation.keys()])];
  return names.flatMap((name) => {
    // Slashes part the steps of a path; those of an address are none.
    const path = `contract/${plain(name).replaceAll("/", "∕")}`;
    const own = byOperation.get(name) ?? [];
    return own.length === 0
      ? [{ path, verdict: "pass", violations: [], story: [] }]
      : own.map((finding) => caseOf(finding, path));
  });
}

/** In every form that shows no more than a line of a case, the line says who is concerned as well. */
function caseOf({ id, severity, fingerprint, place, told, used }: Finding, operation: string): Case {
  const verdict = verdictBy[severity];
  const change = `${id}: ${place}${place === "" ? "" : " "}${told}`;
  const line = [change, ...used].map(plain).join("; ");
  const path = `${operation}/${id} ${fingerprint}`;
  return { path, verdict, violations: [], story: [line], ...(verdict === "pass" ? {} : { reason: line }) };
}

const mostPlaces = 3;

/** Findings of one severity; the same change in many places is one, with the first of them. */
function linesOf(severity: Severity, findings: readonly Finding[]): string[] {
  const own = findings.filter((one) => one.severity === severity);
  if (own.length === 0) return [];
  const alike = Map.groupBy(own, ({ id, field, told, used }) => JSON.stringify([id, field, told, used]));
  return [
    severity,
    ...[...alike.values()].flatMap((same) => {
      const [{ id, told, used, fingerprint }] = same as [Finding, ...Finding[]];
      const places = same.map(({ operation, place }) =>
        [operation ?? none, place].filter((part) => part !== "").join(", "),
      );
      const more = places.length - mostPlaces;
      return [
        `  ${marks[verdictBy[severity]]} ${id}: ${changes[id].says} [${fingerprint}${same.length > 1 ? `, and ${same.length - 1} more` : ""}]`,
        `      ${plain(told)}`,
        ...places.slice(0, mostPlaces).map((place) => `      at ${plain(place)}`),
        ...(more > 0 ? [`      and at ${more} more places`] : []),
        ...(severity === "compatible" ? [] : used.map((line) => `      ${plain(line)}`)),
      ];
    }),
    "",
  ];
}
