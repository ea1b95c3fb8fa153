import type { ModelCall } from "../call.ts";
import { reasonOf } from "../refusals.ts";
import { isMissing, jobOf, type Known, keeperOf, keysOf, type Part, wordsFor } from "./names.ts";
import { type Ask, echoProblem } from "./said.ts";

/** Which answers there are to calls that delete, rename, swap, alter and set. */

/** All that is named must be there, and none of it may be a job's at work. */
const ofAllNamed: Ask = (call, known) => moveProblem(call, known, keysOf(call, known.jobs));

type Move = Extract<Part, "delete" | "rename" | "swap" | "alter" | "set">;

export const moves: Record<Move, Ask> = {
  delete: ofAllNamed,
  swap: ofAllNamed,
  alter: ofAllNamed,
  set: ofAllNamed,
  rename: (call, known) => {
    const [from, to] = keysOf(call, known.jobs);
    if (from === undefined || to === undefined) return null;
    const replaces = String(call.request["overwrite"]) === "true" && from !== to;
    const problem = moveProblem(call, known, [from], replaces ? [from, to] : [from]);
    if (problem !== null) return problem;
    // Whether it is there or not: it is no name for it, or one that it has.
    if (call.status === 200 && from === to) return "it was taken although a table has its own name already";
    const holder = keeperOf(to, known, call);
    if (call.status === 200 && !replaces && holder !== undefined)
      return `it was taken although ${wordsFor(holder, to)} has that name already`;
    if (reasonOf(call) !== "already_exists") return null;
    if (replaces) return "it was refused (already_exists) although it may take the place of another one";
    return from !== to && isMissing(to, known, call)
      ? "it was refused (already_exists) although nothing has that name"
      : null;
  },
};

/**
 * @param needed what must be there
 * @param moved what a job must not be making
 */
function moveProblem(
  call: ModelCall,
  known: Known,
  needed: readonly string[],
  moved: readonly string[] = needed,
): string | null {
  const refused = `it was refused (${reasonOf(call)}) although`;
  if (call.status === 200) {
    const missing = needed.find((key) => isMissing(key, known, call));
    if (missing !== undefined) return `it was taken although there is no ${nameOf(missing)}`;
    const maker = withTables(moved, known).flatMap((key) => makersAtWork(key, known, call))[0];
    return maker === undefined
      ? echoProblem(call)
      : `it was taken although job ${jobOf(maker)} is making the table`;
  }
  if (call.status === 404 && !known.lacksMoves && needed.length > 0) {
    const keepers = needed.map((key) => keeperOf(key, known, call));
    return keepers.every((keeper) => keeper !== undefined)
      ? `${refused} ${wordsFor(keepers[0] as ModelCall, needed[0] as string)} is there`
      : null;
  }
  if (reasonOf(call) !== "wrong_state" || known.isBlind) return null;
  return withTables(moved, known).some((key) => mayBeMade(key, known, call))
    ? null
    : `${refused} no job is making the table`;
}

const nameOf = (key: string): string => key.split("/").slice(1).join(".");

/** With the tables in those that are databases. */
const withTables = (keys: readonly string[], { names }: Known): string[] =>
  keys.flatMap((key) => [key, ...[...names.keys()].filter((other) => other.startsWith(`${key}/`))]);

const registrationsOf = (key: string, { names }: Known): ModelCall[] => names.get(key)?.registrations ?? [];

/** Registrations of jobs that had not ended for as long as the call was under way. */
const makersAtWork = (key: string, known: Known, call: ModelCall): ModelCall[] =>
  registrationsOf(key, known).filter(
    (maker) =>
      maker.status === 200 &&
      maker.returned < call.sent &&
      (known.finishes.get(jobOf(maker)) ?? []).every(({ sent }) => sent > call.returned),
  );

/** Whether a job that may not have ended may have registered it. */
const mayBeMade = (key: string, known: Known, call: ModelCall): boolean =>
  registrationsOf(key, known).some(
    (maker) =>
      maker.sent <= call.returned &&
      (known.finishes.get(jobOf(maker)) ?? []).every(
        ({ status, returned }) => status !== 200 || returned >= call.sent,
      ),
  );
