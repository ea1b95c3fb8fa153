import { isDeepStrictEqual } from "node:util";
import { type Fields, fieldsIn, type ModelCall, otherThan, parsed, wrong } from "../call.ts";
import { isAlone, withoutSettings } from "./carry.ts";
import { isAliveAt, type Known, keeperOf, type Part, parts, takersOf } from "./names.ts";
import { type CatalogLook, columnsProblem, rowProblem } from "./rows.ts";

/** What else a database or table is shown as. A table of the service's own may be made anew at any time. */
export function looked(key: string, call: ModelCall, one: unknown, known: Known): string | null {
  const named = known.names.get(key);
  if (named === undefined) return null;
  const { shown, clockErrorMs } = known;
  const takers = takersOf(key, known);
  const overlaps = ({ sent, returned }: ModelCall) => sent <= call.returned && returned >= call.sent;
  if (named.changers.some(overlaps) || takers.some(overlaps)) {
    shown.delete(key);
    return null;
  }
  const look: CatalogLook = { call, row: fieldsIn(one), at: call.sent };
  const before = shown.get(key);
  if (named.makers.some((maker) => parts[maker.operation] === "make" && overlaps(maker))) shown.delete(key);
  else shown.set(key, look);
  const changes = named.changers.filter(({ sent }) => sent <= call.returned);
  const isMoved = changes.some(({ operation }) => !staying.includes(parts[operation]));
  const isAlive = isAliveAt(key, known, call);
  const makers = named.makers.filter((maker) => parts[maker.operation] === "make" && isAlive(maker));
  // Where the name is taken away and made again, a look that overlaps the latter may be one at what was there before.
  const isAnew = takers.length > 0 && makers.some(({ returned }) => returned >= call.sent);
  // Settings may be told a service that have been so already.
  const changedAt = changes
    .filter(({ operation, status }) => status === 200 && parts[operation] !== "set")
    .map(({ sent }) => sent);
  // Of several releases one may not know what another one was told.
  const isOfOne = !known.lacksMoves || changes.every(({ operation }) => parts[operation] !== "set");
  const columns =
    changes.length > 0 || known.streamed.has(key)
      ? schemaProblem(key, look, known)
      : columnsProblem(look, makers, keeperOf(key, known, call));
  return (
    columns ??
    (isOfOne ? settingsProblem(key, look, known) : null) ??
    rowProblem(look, makers, {
      before: before && (isOfOne ? before : { ...before, row: withoutSettings(before.row) }),
      isMoved: isMoved || isAnew,
      changedAt: Math.max(...changedAt),
      errorMs: clockErrorMs,
    })
  );
}

/** What leaves a table under its name. */
const staying: readonly (Part | undefined)[] = ["alter", "set"];

/** The settings are those that were said last, where that is sure. No days are none, or zero. */
function settingsProblem(key: string, { call, row }: CatalogLook, known: Known): string | null {
  const said = known.settings.get(key);
  if (said === undefined || !isAlone(key, known, call)) return null;
  const { expire_days: days } = row;
  const shown: Fields = { ...row, ...(days === 0 ? { expire_days: null } : {}) };
  // What has not the form of a table is told by the schema.
  return otherThan(said, { ...said, ...shown });
}

/** The columns are those that were said last, where that is sure. */
function schemaProblem(key: string, { call, row }: CatalogLook, known: Known): string | null {
  const text = row["schema"];
  if (text === undefined || known.streamed.has(key)) return null;
  if (!known.columns.has(key) || !isAlone(key, known, call)) return null;
  const [expected, shown] = [known.columns.get(key), typeof text === "string" ? parsed(text) : text];
  return isDeepStrictEqual(expected, shown) ? null : wrong("schema", expected, shown);
}
