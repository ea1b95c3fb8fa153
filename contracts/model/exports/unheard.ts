import { isUnanswered, type ModelCall, mayBeSame } from "../call.ts";
import { keyOf } from "../issues.ts";
import type { JobFacts } from "../job-state.ts";
import type { Jobs } from "../jobs.ts";
import { targetOf } from "../order.ts";
import { isExport } from "../worded-orders.ts";

/** The exports whose answers were lost, and which nobody knows but by the link to them. */
export class UnheardExports {
  readonly #orders: ReadonlyMap<unknown, readonly ModelCall[]>;
  /** By target, how many jobs without a key are known although their answers were lost. */
  readonly #taken = new Map<string | null, number>();
  readonly #told: ReadonlyMap<string, ReadonlySet<string | null>>;
  readonly #met = new Map<string, { target: string; facts: Pick<JobFacts, "id" | "createdAt"> }>();

  /** @param told by id of a job, of which jobs it was shown to export the result */
  constructor(
    calls: readonly ModelCall[],
    jobs: Jobs,
    told: ReadonlyMap<string, ReadonlySet<string | null>>,
  ) {
    const orders = calls.filter((call) => isExport(call) && isUnanswered(call));
    this.#told = told;
    const known = orders.length === 0 ? [] : [...jobs.values()].filter((facts) => facts !== null);
    const keys = new Set(known.map(({ issue }) => ownKeyOf(issue)));
    this.#orders = Map.groupBy(
      // Whoever has the key keeps it: no other job came of such an order.
      orders.filter((order) => ownKeyOf(order) === null || !keys.has(ownKeyOf(order))),
      ({ request }) => request["target_id"],
    );
    for (const facts of known) {
      const target = targetOf(facts);
      if (target !== null && isUnanswered(facts.issue) && keyOf(facts.issue) === null)
        this.#taken.set(target, (this.#taken.get(target) ?? 0) + 1);
    }
  }

  /** A job that nobody else knows is shown as the newest export: it counts from then on where such an order can have made it. */
  meet(look: ModelCall, target: string, id: string): void {
    if (this.#met.has(id) || this.#told.get(id)?.has(target) === false) return;
    const orders = (this.#orders.get(target) ?? []).filter(
      (order) => order.sent <= look.returned && mayBeSame(order.account, look.account),
    );
    // One key makes one job, however often it is sent.
    const most =
      new Set(orders.map((order) => ownKeyOf(order) ?? order)).size - (this.#taken.get(target) ?? 0);
    if (this.metOf(target).length >= most) return;
    const from = Math.min(...orders.map(({ sent }) => sent));
    this.#met.set(id, { target, facts: { id, createdAt: { from, to: look.returned } } });
  }

  metOf(target: string): Pick<JobFacts, "id" | "createdAt">[] {
    return [...this.#met.values()].flatMap((met) => (met.target === target ? [met.facts] : []));
  }
}

/** A customer's own key; null where there is none, or nobody knows whose it is. */
const ownKeyOf = (order: ModelCall): string | null =>
  keyOf(order) === null || order.account === null ? null : `${order.account.name}: ${String(keyOf(order))}`;
