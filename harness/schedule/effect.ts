import type { MysqlErrno } from "../../contracts/mysql-errors.ts";
import type { Millis } from "../../contracts/values.ts";
import type { Overtaker } from "./overtaking.ts";
import type { ProcessName } from "./site.ts";

/** When a process that dies is up again, null: never; as another release, where one is named. */
export interface Back {
  ms: Millis | null;
  release?: string;
}

/** When a process whose next life has begun beside it is asked to end, and how long it may take. */
export interface Surge {
  ms: Millis;
  graceMs: Millis;
  /** Of the next life; absent where it is the same. */
  release?: string;
}

/** Of the processes of a kind the one of this name; without it the one at the call. */
export interface Meant {
  process: ProcessName;
  name?: string;
}

/** What a fault does at its site, in the terms that every rig carries out. Kinds of fault share them. */
export type Effect =
  /** The caller's connection ends here, by a reset or in the middle of the reply. Before the call nothing arrives. */
  | { does: "end"; how: "reset" | "truncated" }
  /** The caller gets this status, which the service never answered. Before the call nothing arrives. */
  | { does: "answer"; status: number }
  /** The call alone is held back for so long. */
  | { does: "hold"; ms: Millis }
  /** Nothing moves on the link for so long, and nothing ends its connections. */
  | { does: "stall"; ms: Millis }
  /** The request arrives twice; the caller gets the second reply. */
  | { does: "repeat" }
  /** The call ends by a reset, and every call on its link is refused for so long; by the server, where it says why. */
  | { does: "refuse"; ms: Millis; errno?: MysqlErrno }
  /** The MySQL server refuses the statement, and has undone by then what this error says. */
  | { does: "deny"; errno: MysqlErrno }
  /** From this statement on the table that it writes to has no room for so long: who needs some there is refused with 1114. */
  | { does: "fill"; ms: Millis }
  | ({ does: "kill"; back: Back } & Meant)
  | ({ does: "pause"; ms: Millis } & Meant)
  /** The process is asked to end, and killed if it has not after so long. */
  | ({ does: "stop"; graceMs: Millis; back: Back } & Meant)
  /** Its next life begins beside it, which is asked to end so long after, and does not come back. */
  | ({ does: "surge" } & Meant & Surge)
  /** The time of day that it reads jumps by so much. */
  | ({ does: "skew"; ms: Millis } & Meant)
  /** A setting of the running system becomes this. */
  | { does: "set"; setting: string; value: number }
  /** Of all calls to the API so many in a hundred go to its processes of this release. */
  | { does: "share"; release: string; percent: number }
  /** A statement of the call waits for another call on its link, at most as long as `overtakenMs` says. */
  | { does: "overtake"; statement: number; by: Overtaker }
  /** The customer asks for the end of the job that the site is about. */
  | { does: "cancel" };

export type EffectName = Effect["does"];

/** Carries an effect out. */
export type Deed = () => void | Promise<void>;

/** Instead of a function: the rig cannot do it, and refuses a schedule that asks for it. */
const beyond = "beyond";

/** What a rig does for each effect. The compiler asks every rig for an answer to a new one. */
export type Carriers<Context, Result> = {
  readonly [D in EffectName]:
    | ((effect: Extract<Effect, { does: D }>, context: Context) => Result)
    | typeof beyond;
};

export const isBeyond = (carriers: Carriers<never, unknown>, { does }: Effect): boolean =>
  carriers[does] === beyond;

/** Throws where the rig cannot do it: such a schedule must have been refused before. */
export function carryOut<Context, Result>(
  carriers: Carriers<Context, Result>,
  effect: Effect,
  context: Context,
): Result {
  const carrier = carriers[effect.does] as ((effect: Effect, context: Context) => Result) | typeof beyond;
  if (carrier === beyond) throw new Error(`this rig cannot ${effect.does}`);
  return carrier(effect, context);
}
