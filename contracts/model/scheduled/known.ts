import { isDeepStrictEqual } from "node:util";
import type { Fields, ModelCall } from "../call.ts";
import type { Run } from "./history.ts";
import { type Settings, settingsAfter, settingsOfCreate } from "./settings.ts";

/** What is known of a scheduled query between two calls. */

/** What is known of one now. */
export interface Known {
  /** Null where nobody knows. */
  isThere: boolean | null;
  settings: Settings | null;
  /** What was shown of it first and never changes. */
  fixed: Fields;
  /** The call that made it so. */
  since: ModelCall | null;
  runs: Run[];
  /** A run may have had its effect of which nobody has heard. */
  hasUnheard: boolean;
  /** Whether its settings have been those from its creation. */
  isUnchanged: boolean;
  /** An update that may have come about. */
  lost: ModelCall | "several" | null;
}

export const nothing: Known = {
  isThere: null,
  settings: null,
  fixed: {},
  since: null,
  runs: [],
  hasUnheard: false,
  isUnchanged: true,
  lost: null,
};

/** What is known once a call may have had its effect. */
export function maybe(call: ModelCall, known: Known): Known {
  switch (call.operation) {
    case "scheduled_query.create": {
      // What is there stays as it is; what is not there can only have been made so.
      if (known.isThere === true) return known;
      const settings = settingsOfCreate(call);
      const isAgain = known.settings === null || isDeepStrictEqual(known.settings, settings);
      return { ...nothing, settings: isAgain ? settings : null, since: call };
    }
    case "scheduled_query.update":
      return {
        ...known,
        lost: known.lost === null || isAlike(known.lost, call) ? call : "several",
        isUnchanged: false,
      };
    case "scheduled_query.delete":
      return { ...known, isThere: null };
    case "scheduled_query.run":
      return { ...known, hasUnheard: true };
    default:
      return known;
  }
}

/** @param open calls that were on their way all the time or for a part of it, and may have their effect after what is known */
export const yetToCome = (open: readonly ModelCall[], known: Known): Known =>
  open.reduce((before, call) => after(call, before), known);

/** What else may be known of one by the next call, where this one has its effect in between, or never. */
function after(call: ModelCall, known: Known): Known {
  switch (call.operation) {
    case "scheduled_query.create":
      return known.isThere === false ? nothing : known;
    case "scheduled_query.update": {
      const { settings } = known;
      const changes = settings !== null && !isDeepStrictEqual(settingsAfter(settings, call), settings);
      return changes ? maybe(call, known) : known;
    }
    case "scheduled_query.delete":
      return known.isThere === false ? known : maybe(call, known);
    default:
      return maybe(call, known);
  }
}

const isAlike = (one: ModelCall | "several", other: ModelCall): boolean =>
  one !== "several" && isDeepStrictEqual(one.request, other.request);

/** Those that it has once an update is answered; null where they depend on whether another one has come about before. */
export function settingsOnceUpdated(call: ModelCall, { settings, lost }: Known): Settings | null {
  if (settings === null || lost === "several") return null;
  const updated = settingsAfter(settings, call);
  if (lost === null) return updated;
  return isDeepStrictEqual(settingsAfter(settingsAfter(settings, lost), call), updated) ? updated : null;
}

/** Those that it surely has: after an update that may have come about nobody knows, until the same is answered. */
export const sureSettings = ({ settings, lost }: Known): Settings | null => (lost === null ? settings : null);
