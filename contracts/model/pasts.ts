import type { ModelCall } from "./call.ts";
import type { JobState } from "./job-state.ts";
import type { Span } from "./span.ts";

/** A possible past: the state that it led to, and the claims that were heard in it and have not returned yet. */
export interface Past {
  state: JobState;
  early: ReadonlySet<ModelCall>;
}

/** What tells pasts apart; those that differ in nothing but moments are one with wider spans. */
export function merged(pasts: readonly Past[]): Past[] {
  if (pasts.length <= 1) return [...pasts];
  const numbers = new Map<ModelCall, number>();
  const byKey = new Map<string, Past>();
  for (const past of pasts) {
    const key = keyOf(past, numbers);
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? past : widened(known, past));
  }
  return [...byKey.values()];
}

export function keyOf({ state, early }: Past, numbers: Map<ModelCall, number>): string {
  const { status, attempt, holder, leaseUntil, killRequested, startAt, endAt } = state;
  const { report, failed, receipt, tables } = state;
  const calls = [...early].map((call) => {
    if (!numbers.has(call)) numbers.set(call, numbers.size);
    return numbers.get(call) as number;
  });
  return JSON.stringify([
    [status, attempt, holder, leaseUntil === null, killRequested, startAt === null, endAt === null],
    [report, failed, receipt, tables],
    calls.sort((a, b) => a - b),
  ]);
}

/** A past that is one with another but for its moments; the same object where it covers the other. */
export function widened(past: Past, by: Past): Past {
  const state = hull(past.state, by.state);
  const isCovered =
    spans.every((name) => isWithin(by.state[name], past.state[name])) && state.shown === past.state.shown;
  return isCovered ? past : { ...past, state };
}

const spans = ["updatedAt", "leaseUntil", "startAt", "endAt"] as const;

const isWithin = (inner: Span | null, outer: Span | null): boolean =>
  inner === null || outer === null || (inner.from >= outer.from && inner.to <= outer.to);

function hull(a: JobState, b: JobState): JobState {
  return {
    ...a,
    updatedAt: wider(a.updatedAt, b.updatedAt),
    leaseUntil: either(a.leaseUntil, b.leaseUntil),
    startAt: either(a.startAt, b.startAt),
    endAt: either(a.endAt, b.endAt),
    shown: a.shown === b.shown ? a.shown : null,
    createdText: a.createdText ?? b.createdText,
  };
}

const wider = (a: Span, b: Span): Span => ({ from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) });

const either = (a: Span | null, b: Span | null): Span | null =>
  a === null || b === null ? null : wider(a, b);
