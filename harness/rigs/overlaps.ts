import type { Clock } from "../../contracts/in-process.ts";
import { type Overtaker, overtakenMs } from "../schedule/overtaking.ts";
import type { Planned } from "../schedule/schedule.ts";

/** A statement that waits for another transaction. */
interface Hold {
  /** Index of the fault in the schedule. */
  index: number;
  operation: string;
  occurrence: number;
  statement: number;
  by: Overtaker;
}

/** The system's time, and who is told. */
export interface OverlapsOptions {
  clock: Pick<Clock, "sleep">;
  /** The order that the fault asks for has come about. */
  onOvertaken: (index: number) => void;
}

/** The order in which transactions of one run come by, where its schedule says something of it. On any rig. */
export class Overlaps {
  readonly #holds: readonly Hold[];
  readonly #options: OverlapsOptions;
  readonly #passed = new Set<string>();
  readonly #awaited = new Map<string, () => void>();

  private constructor(holds: readonly Hold[], options: OverlapsOptions) {
    this.#holds = holds;
    this.#options = options;
  }

  /** Null where the schedule leaves the order to chance. */
  static of(faults: readonly Planned[], options: OverlapsOptions): Overlaps | null {
    const holds = faults.flatMap(({ at: { operation, occurrence }, fault }, index) =>
      fault.kind === "overtaken"
        ? [{ index, operation, occurrence, statement: fault.statement, by: fault.by }]
        : [],
    );
    return holds.length === 0 ? null : new Overlaps(holds, options);
  }

  begin(operation: string, occurrence: number): OverlappingTransaction {
    return new OverlappingTransaction(
      (statement) => this.#hold(operation, occurrence, statement),
      (statement) => this.#pass(keyOf({ operation, occurrence, statement })),
    );
  }

  async #hold(operation: string, occurrence: number, statement: number): Promise<void> {
    for (const hold of this.#holds) {
      const isMeant =
        hold.operation === operation && hold.occurrence === occurrence && hold.statement === statement;
      if (isMeant && (await this.#isPassed(keyOf(hold.by)))) this.#options.onOvertaken(hold.index);
    }
  }

  /** Whether the other one has come so far, now or soon enough. */
  async #isPassed(key: string): Promise<boolean> {
    if (this.#passed.has(key)) return true;
    const over = new AbortController();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#awaited.set(key, resolve);
    await Promise.race([promise, this.#options.clock.sleep(overtakenMs, over.signal).catch(() => {})]);
    over.abort();
    return this.#passed.has(key);
  }

  #pass(key: string): void {
    this.#passed.add(key);
    this.#awaited.get(key)?.();
  }
}

/** One transaction on its way, statement by statement. */
export class OverlappingTransaction {
  #statements = 0;
  #isRefused = false;
  readonly #hold: (statement: number) => Promise<void>;
  readonly #pass: (statement?: number) => void;

  constructor(hold: (statement: number) => Promise<void>, pass: (statement?: number) => void) {
    this.#hold = hold;
    this.#pass = pass;
  }

  /** The next statement is here; resolves when it may go on. */
  before(): Promise<void> {
    this.#statements += 1;
    return this.#hold(this.#statements);
  }

  /** The statement is over. */
  after(): void {
    this.#pass(this.#statements);
  }

  /** The server has refused the statement: whoever waits for this transaction is never served. */
  refused(): void {
    this.#isRefused = true;
  }

  /** All of it is over, committed or rolled back as it wished. */
  end(): void {
    if (!this.#isRefused) this.#pass();
  }
}

const keyOf = ({
  operation,
  occurrence,
  statement,
}: Overtaker | (Omit<Overtaker, "operation"> & { operation: string })): string =>
  `${operation} ${occurrence} ${statement ?? ""}`;
