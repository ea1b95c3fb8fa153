import { lengthChange } from "./lengths.ts";
import type { ChangeId } from "./severity.ts";

type Judge = (before: unknown, after: unknown) => ChangeId;

/** Fields of somebody's own say by their names what they are about; the first that fits counts. */
const byName: readonly (readonly [RegExp, Judge])[] = [
  [/idempot/i, () => "idempotency-changed"],
  [/lease|time-?out|deadline|ttl|back-?off|retry|retries|expir|interval|delay|limit/i, lengthChange],
  [/responsib|owner|owned|duty|duties/i, () => "responsibility-moved"],
  [/default/i, () => "default-changed"],
  [/secur|auth|scope|permission/i, () => "security-changed"],
];

/** What a change of a field such as `x-lease-ms` is; null for one that says nothing by its name. */
export function extensionChange(name: string, before: unknown, after: unknown): ChangeId | null {
  if (!/^x-/i.test(name)) return null;
  return byName.find(([pattern]) => pattern.test(name))?.[1](before, after) ?? null;
}
