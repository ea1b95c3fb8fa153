import { reasonOf } from "../errors.ts";
import { commandTo } from "../installation.ts";

/** Evidence that cannot be believed: it was cut or changed, is no evidence at all, or has a form that this Interlock does not read. */
export interface Damaged {
  folder: string;
  damage: string;
  /** Another Interlock wrote it so; nothing says that anybody has changed it. */
  otherForm?: Age;
  /** The run ended before it was attested: there is no evidence at all. */
  isUnattested?: true;
}

type Age = "older" | "newer";

/** Thrown for what another Interlock wrote in a form of its own. */
class OtherForm extends Error {
  readonly age: Age;

  constructor(what: string, found: number, own: number) {
    const age = found < own ? "older" : "newer";
    super(
      `${what} ${found} is of ${age === "older" ? "an older" : "a newer"} Interlock; this one reads ${own}`,
    );
    this.age = age;
  }
}

/** @throws OtherForm where a number is not the one that this Interlock reads; what is no number is left to the schema */
export function refuseOtherForm(what: string, found: unknown, own: number): void {
  if (typeof found === "number" && Number.isSafeInteger(found) && found >= 0 && found !== own)
    throw new OtherForm(what, found, own);
}

const numbered = /^(urn:interlock:[a-z-]+):(\d{1,9})$/;

/** The same of a type that ends with its number, such as `urn:interlock:run:1`. */
export function refuseOtherType(found: unknown, own: string): void {
  const [, name, number] = numbered.exec(typeof found === "string" ? found : "") ?? [];
  const [, ownName, ownNumber] = numbered.exec(own) ?? [];
  if (name !== undefined && name === ownName)
    refuseOtherForm(`its form ${name}`, Number(number), Number(ownNumber));
}

export const damaged = (folder: string, error: unknown): Damaged => ({
  folder,
  damage: reasonOf(error).replaceAll(/\s+/g, " ").slice(0, 300),
  ...(error instanceof OtherForm ? { otherForm: error.age } : {}),
});

export const endedUnattested = (folder: string): Damaged => ({
  folder,
  damage: "its run ended before it was attested, or goes on: nobody has judged what it has seen",
  isUnattested: true,
});

/** What is wrong, and what to do. It is in the way of a GO in any case: a form is soon changed to hide a red run. */
export function damageInWords({ folder, damage, otherForm, isUnattested }: Damaged): {
  what: string;
  next: string;
} {
  if (isUnattested === true)
    return {
      what: `${folder}: ${damage}`,
      next: `wait for its end, or see why it ended and what it has seen (${commandTo("check", `${folder}/history.jsonl`)}); if nothing in it speaks against the candidate, move it away or run all of it anew`,
    };
  if (otherForm === undefined)
    return {
      what: `${folder}: the evidence is damaged: ${damage}`,
      next: "find out who changed it, then move it away and run again",
    };
  const what = `${folder}: the evidence cannot be read: ${damage}`;
  return otherForm === "older"
    ? { what, next: "move it away, and run again with this Interlock" }
    : { what, next: "take the newer Interlock, or move it away and run again with this one" };
}
