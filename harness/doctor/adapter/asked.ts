import { type Finding, fail, listed, ok, unknown, warn } from "../check.ts";

/** What the checks of an adapter have in common: each asks one thing of everything that the config names of a kind. */

/** One of these things, and what is wrong about it; null where nothing is. */
export interface Tried {
  what: string;
  trouble: string | null;
}

/** A call, and the status of its answer; null where no whole one came. */
export interface Asked {
  what: string;
  status: number | null;
}

interface Otherwise {
  /** Why there is nothing to look at, where nothing was asked. */
  none: string;
  health?: "fail" | "warn";
  next: string;
}

/** Good where each is. */
export function allOf(tried: readonly Tried[], { none, health = "fail", next }: Otherwise): Finding {
  if (tried.length === 0) return unknown(none);
  const wrong = tried.flatMap(({ what, trouble }) => (trouble === null ? [] : [`${what}: ${trouble}`]));
  if (wrong.length === 0) return ok(listed(tried.map(({ what }) => what)));
  return (health === "fail" ? fail : warn)(listed(wrong), next);
}

/** Good where each was answered with this status. */
export const answeredWith = (status: number, asked: readonly Asked[], otherwise: Otherwise): Finding =>
  allOf(
    asked.map((one) => ({ what: one.what, trouble: one.status === status ? null : told(one.status) })),
    otherwise,
  );

const told = (status: number | null): string =>
  status === null ? "no whole answer came" : `it was answered with ${status}`;
