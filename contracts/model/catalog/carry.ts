import { columnsAsked } from "../../operations/catalog.ts";
import { settingsAsked } from "../../operations/table-settings.ts";
import type { Fields, ModelCall } from "../call.ts";
import { isJobs, type Known, keysOf, parts, takersOf } from "./names.ts";

/**
 * What is known of a table goes with it when it is moved. Where calls overlap, or one was not answered, it is forgotten:
 * the next look says it anew.
 */

/** Keeps what a call that may have changed something made of it; calls come in the order in which they were sent. */
export function carry(call: ModelCall, known: Known): void {
  const [key, other] = keysOf(call, known.jobs);
  const part = parts[call.operation];
  if (key === undefined || part === undefined) return;
  const { shown, columns, settings } = known;
  const isSure = () => [key, other].every((one) => one === undefined || isAlone(one, known, call));
  switch (part) {
    case "make":
      shown.delete(key);
      settings.delete(key);
      if (isJobs(call) && isSure()) columns.set(key, call.request["columns"]);
      else columns.delete(key);
      return;
    case "alter":
      if (isSure()) columns.set(key, columnsAsked(call.request["schema"]));
      else columns.delete(key);
      return;
    case "set": {
      const look = shown.get(key);
      if (look !== undefined) shown.set(key, { ...look, row: withoutSettings(look.row) });
      if (isSure()) settings.set(key, { ...settings.get(key), ...settingsAsked(call.request) });
      else settings.delete(key);
      return;
    }
    case "delete":
      for (const map of [shown, columns, settings])
        for (const one of map.keys()) if (one === key || one.startsWith(`${key}/`)) map.delete(one);
      return;
    case "rename":
    case "swap": {
      if (other === undefined || other === key) return;
      const sure = isSure();
      exchange(shown, key, other, sure && ((look) => ({ ...look, at: call.returned, by: call })));
      exchange(columns, key, other, sure && ((value) => value));
      exchange(settings, key, other, sure && ((value) => value));
      if (part === "rename") for (const map of [shown, columns, settings]) map.delete(key);
      return;
    }
    default:
  }
}

/** What is shown of a table besides what its settings say. */
export function withoutSettings(row: Fields): Fields {
  const { expire_days: _, include_v: __, ...rest } = row;
  return rest;
}

/** Puts what is under each key under the other one; under neither where it is not sure. */
function exchange<T>(map: Map<string, T>, a: string, b: string, moved: false | ((value: T) => T)): void {
  const [ofA, ofB] = [map.get(a), map.get(b)];
  map.delete(a);
  map.delete(b);
  if (moved === false) return;
  if (ofA !== undefined) map.set(b, moved(ofA));
  if (ofB !== undefined) map.set(a, moved(ofB));
}

/** Whether the call was answered and no other one that may change what the key names overlaps it. */
export function isAlone(key: string, known: Known, call: ModelCall): boolean {
  const named = known.names.get(key);
  const isApart = (one: ModelCall) => one === call || one.returned < call.sent || one.sent > call.returned;
  return (
    call.status === 200 &&
    (named === undefined || (named.makers.every(isApart) && named.changers.every(isApart))) &&
    takersOf(key, known).every(isApart)
  );
}
