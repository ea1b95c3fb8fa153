import { isBeyond } from "../../schedule/effect.ts";
import { effectOf } from "../../schedule/faults.ts";
import type { Planned } from "../../schedule/schedule.ts";
import { carriers } from "./transit.ts";

/** What keeps the rigs in process from breaking it; null where they can. */
export function beyondReach({ at, fault }: Planned): string | null {
  const effect = effectOf(fault);
  if (isBeyond(carriers, effect)) return `the rigs in process cannot do it: ${effect.does}`;
  if (at.statement !== undefined) return "the rigs in process break transactions only as a whole";
  return null;
}
