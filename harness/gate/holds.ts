import { z } from "zod";
import type { Millis } from "../../contracts/values.ts";
import { exitCode } from "../errors.ts";
import { skewMs } from "./counts.ts";
import { longestMs } from "./override.ts";
import {
  type Build,
  buildSchema,
  type Deployed,
  moment,
  overrideSchema,
  reading,
  sha256Schema,
} from "./policy.ts";
import { isSame, short } from "./question.ts";

/** Whether a decision of the gate still holds for what is about to be deployed: nothing of it is decided anew. */

/** What `gate --json` prints, as far as a deployment needs it. */
const decisionSchema = z.looseObject({
  decision: z.enum(["GO", "NO-GO", "NO-GO-OVERRIDDEN"]),
  exit: z.int(),
  findings: z.array(z.unknown()),
  required: z.int().min(0),
  candidate: z.array(buildSchema).min(1).max(100),
  /** SHA-256 of the file that listed what is live. */
  deployed: sha256Schema,
  decidedAt: moment,
  validUntil: moment.nullable(),
  override: z.object({ by: overrideSchema.optional() }).nullable(),
});
export type Decided = z.output<typeof decisionSchema>;

export const parseDecided = reading(decisionSchema);

export interface Held {
  now: Millis;
  decided: Decided;
  /** What is to go out now. */
  candidate: readonly Build[];
  /** What is live now, and SHA-256 of the file that lists it. */
  deployed: Deployed;
  deployedDigest: string;
}

export interface Holds {
  /** 0 for GO, 4 for one that somebody answers for, 2 for all else. */
  exit: number;
  said: string;
  next: string;
}

const askAgain = "ask the gate again, with these two files";

/** A pure function. */
export function holds(held: Held): Holds {
  const problem = problemOf(held);
  if (problem !== null) return { exit: exitCode.missing, ...problem };
  const { decision, override, validUntil } = held.decided;
  const by = override?.by;
  return decision === "GO" || by === undefined
    ? { exit: exitCode.go, said: `GO holds until ${validUntil}`, next: "deploy these builds before" }
    : {
        exit: exitCode.overridden,
        said: `NO-GO, and ${by.owner} answers for going all the same until ${by.expires}`,
        next: `deploy these builds before, if ${by.owner} still says so`,
      };
}

type Problem = Omit<Holds, "exit">;

function problemOf(held: Held): Problem | null {
  const { decided, now } = held;
  if (decided.decision === "NO-GO")
    return { said: "the gate has said NO-GO", next: "see its findings, each with its next step" };
  const odd = contradictionIn(held);
  if (odd !== null)
    return {
      said: `it is not as a gate writes it: ${odd}`,
      next: "take the file as the gate has written it",
    };
  const other = otherThan(held);
  if (other !== null) return { said: other, next: askAgain };
  const end = endOf(decided) as string;
  return now < Date.parse(end) ? null : { said: `it held until ${end}`, next: askAgain };
}

const endOf = ({ decision, override, validUntil }: Decided): string | null =>
  decision === "GO" ? validUntil : (override?.by?.expires ?? null);

/** Builds and list must be those that were decided about. */
function otherThan({ decided, candidate, deployedDigest }: Held): string | null {
  const unasked = candidate.filter((one) => !decided.candidate.some((known) => isSame(known, one)));
  const absent = decided.candidate.filter((one) => !candidate.some((known) => isSame(known, one)));
  if (unasked.length > 0) return `it was not asked about ${unasked.map(short).join(", ")}`;
  if (absent.length > 0) return `it was asked about ${absent.map(short).join(", ")} as well`;
  return decided.deployed === deployedDigest ? null : "what is live is listed otherwise than it was asked";
}

/** What no gate writes: such a file was changed by hand. What says nothing against itself may have been changed as well. */
function contradictionIn(held: Held): string | null {
  const { decision, exit, findings, required, decidedAt } = held.decided;
  if (Date.parse(decidedAt) > held.now + skewMs) return `it was decided in the future, on ${decidedAt}`;
  if (decision !== "GO") return contradictionInOverride(held.decided);
  if (exit !== exitCode.go || findings.length > 0 || required === 0)
    return `GO with exit ${exit} and ${findings.length} findings, of ${required} required things`;
  return contradictionInEnd(held);
}

function contradictionInOverride({ exit, findings, override }: Decided): string | null {
  const by = override?.by;
  if (by === undefined || exit !== exitCode.overridden || findings.length === 0)
    return `it is overridden with exit ${exit} and ${findings.length} findings, by ${by?.owner ?? "nobody"}`;
  return Date.parse(by.expires) - Date.parse(by.issued) > longestMs
    ? "its override lasts longer than 7 days"
    : null;
}

/** How long it may hold its policy says; that of another list nobody knows. */
function contradictionInEnd({ decided, deployed, deployedDigest }: Held): string | null {
  const { validUntil, decidedAt } = decided;
  if (validUntil === null) return "GO without an end";
  if (decided.deployed !== deployedDigest) return null;
  const { goHours, deployedHours } = deployed.policy;
  const [at, listedAt] = [decidedAt, deployed.at].map((moment) => Date.parse(moment)) as [Millis, Millis];
  if (at < listedAt - skewMs) return "it was decided before what is live was listed";
  const latest = Math.min(at + goHours * hourMs, listedAt + deployedHours * hourMs);
  return Date.parse(validUntil) > latest
    ? `it is to hold until ${validUntil}, and its policy allows ${new Date(latest).toISOString()}`
    : null;
}

const hourMs: Millis = 3_600_000;
