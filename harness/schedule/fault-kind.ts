import type fastCheck from "fast-check";
import { z } from "zod";
import type { Millis } from "../../contracts/values.ts";
import type { Effect } from "./effect.ts";
import type { LinkName, Phase, ProcessName, Site } from "./site.ts";

/** A week. */
export const mostMillis: Millis = 7 * 24 * 3_600_000;

/** Milliseconds of the system's own time; the containers rig scales them as its config declares. */
export const millis = z.int().min(0).max(mostMillis);

/** What random faults are made of. fast-check is handed in, so that it is loaded only where faults are generated. */
export interface Draw {
  fc: typeof fastCheck;
  /** Lengths around every limit of the system. */
  length: fastCheck.Arbitrary<Millis>;
}

/** What one kind of fault is. `F` is a fault of this kind. */
export interface FaultMeaning<F> {
  /** Where it means something. */
  links: readonly LinkName[];
  /** Absent: in both phases. */
  phase?: Phase;
  /** Whether it comes to one statement of a call. Absent: to the whole call alone. */
  statement?: "may" | "must";
  /**
   * What else must hold of a site, given the number of jobs in the workload: the reason why it does not, or null. Without
   * a fault: of a site where any of this kind may mean something.
   */
  refusal?: (at: Site, jobs: number, fault?: F) => string | null;
  /** The processes that it may befall; empty for a fault that befalls a call or a job. */
  processes: readonly ProcessName[];
  /** The process that it befalls; null where it befalls none. */
  process: (fault: F) => ProcessName | null;
  /** How long it lasts. Null: for ever. */
  lastsMs: (fault: F) => Millis | null;
  words: (fault: F) => string;
  /** Those that a sweep tries at every site. */
  samples: readonly F[];
  /** At which of the sites where its samples are tried they are tried in pairs as well; absent: at all of them. */
  pairsAt?: (at: Site, fault: F) => boolean;
  /** Random ones; empty where none can be made without knowing the system. */
  random: (draw: Draw) => fastCheck.Arbitrary<F>[];
  effect: (fault: F) => Effect;
}

/** A kind of fault by name, with the keys that its faults have beside `kind`. */
export const faultKind = <const K extends string, S extends z.core.$ZodLooseShape>(
  kind: K,
  keys: S,
  meaning: FaultMeaning<z.output<ReturnType<typeof schemaOf<K, S>>>>,
) => ({ kind, schema: schemaOf(kind, keys), ...meaning });

const schemaOf = <const K extends string, S extends z.core.$ZodLooseShape>(kind: K, keys: S) =>
  z.strictObject({ kind: z.literal(kind), ...keys });
