import { type Engine, engines } from "../../contracts/job.ts";
import { issueDefaults } from "../../contracts/operations/jobs.ts";
import { field, textField } from "../../contracts/step.ts";
import type { Phase } from "../schedule/schedule.ts";
import type { Call } from "./calls.ts";
import type { AttestedBuild } from "./event.ts";
import type { JobHistory, TimedHeld } from "./job-history.ts";

/** Who did the work of a job, as the links saw it. */

/** Claims that handed the job out, in order. */
export const handOuts = ({ steps }: JobHistory): Call[] => steps.grant.filter(({ served }) => served === 200);

/**
 * The report that ended the job as it ended, of its last attempt: one that the API took, else one of which nobody knows
 * whether it did. A fault may have hidden that it was taken, so then any report will do.
 */
export function endingReport({ steps, final, faulted }: JobHistory): Call | undefined {
  const reports = steps.report
    .filter(({ facts }) => facts.state === final.stored)
    .toSorted(({ facts: a }, { facts: b }) => (b.attempt ?? 0) - (a.attempt ?? 0));
  return (
    reports.find(({ served }) => served === 200) ?? reports.find(({ served }) => faulted || served === null)
  );
}

/** Whether a report, once taken, surely ends the job: after a failure within its retry limit there may be another attempt. */
export function isSurelyLast({ steps }: JobHistory, { facts: { state, attempt = 0 } }: Call): boolean {
  const limit = steps.issue.map(
    ({ exchange }) => field(exchange.request, "retry_limit") ?? issueDefaults.retry_limit,
  );
  return state !== "error" || limit.every((one) => attempt > Number(one));
}

/** What the oracle saw while a report was held back; undefined where it did not look. */
export const heldWith = (
  { held }: JobHistory,
  { by, sent, at, takenAt }: Call,
  phase: Phase,
): TimedHeld | undefined =>
  held.find(
    (look) => look.phase === phase && look.by === by && look.at >= sent && look.at <= Math.max(at, takenAt),
  );

/** Why the destination did not take the rows, where the success of the job says so; undefined of any other end. */
export function saidRefused(history: JobHistory): string | undefined {
  const report = history.final.stored === "success" ? endingReport(history) : undefined;
  return textField(report?.exchange.request, "output_error");
}

/** What was there when the report came by which the job ended as success. */
export function foundAtSuccess(history: JobHistory): TimedHeld | undefined {
  const report = history.final.stored === "success" ? endingReport(history) : undefined;
  return report?.served === 200 ? heldWith(history, report, "before") : undefined;
}

/** Which build a worker says that it is as it claims. */
export const claimedBuild = ({ exchange }: Call): string | undefined =>
  textField(exchange.request, "version");

/** The engine that the API names as it hands a job out. */
export function namedEngine({ exchange }: Call): Engine | undefined {
  const named = field(field(exchange.reply, "job"), "engine");
  return engines.find((engine) => engine === named);
}

/** What a build is known by: its image's own content where it is one, since a label may be inherited. */
export const buildIdOf = ({ image, digest }: Pick<AttestedBuild, "image" | "digest">): string =>
  image ?? digest;

/** The attested build of a process. Rigs in process attest all workers of a generation as one. */
export const attestedOf = (by: string, builds: readonly AttestedBuild[]): AttestedBuild | undefined =>
  builds.find(({ component }) => component === by) ??
  builds.find(({ component }) => component === by.replace(/-\d+$/, ""));
