import type { Clock } from "../../../contracts/in-process.ts";
import type { Millis } from "../../../contracts/values.ts";

interface Timer {
  at: Millis;
  order: number;
  /** Null once it was taken back: what it would have called can be forgotten before its time. */
  fire: (() => void) | null;
}

/** Virtual time: it moves only from one timer to the next, in the order of their times and then of their making. */
export class VirtualClock implements Clock {
  #now: Millis = 0;
  #order = 0;
  /** A binary heap, earliest first. */
  readonly #timers: Timer[] = [];

  now(): Millis {
    return this.#now;
  }

  monotonic(): Millis {
    return this.#now;
  }

  /** Calls `fire` when `ms` have passed; the result takes it back. */
  after(ms: Millis, fire: () => void): () => void {
    const timer = this.#start(ms, fire);
    return () => {
      timer.fire = null;
    };
  }

  sleep(ms: Millis, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal === undefined) {
        this.#start(ms, resolve);
        return;
      }
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = () => {
        cancel();
        reject(signal.reason);
      };
      const cancel = this.after(ms, () => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      });
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  /** Fires the next timer; false when there is none. Everything that it set off must have settled before the next step. */
  step(): boolean {
    for (let timer = this.#pop(); timer !== undefined; timer = this.#pop()) {
      if (timer.fire === null) continue;
      this.#now = timer.at;
      timer.fire();
      return true;
    }
    return false;
  }

  #start(ms: Millis, fire: () => void): Timer {
    const timer: Timer = { at: this.#now + Math.max(0, ms), order: this.#order, fire };
    this.#order += 1;
    this.#push(timer);
    return timer;
  }

  #push(timer: Timer): void {
    const heap = this.#timers;
    let i = heap.push(timer) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!earlier(timer, heap[parent] as Timer)) break;
      heap[i] = heap[parent] as Timer;
      i = parent;
    }
    heap[i] = timer;
  }

  #pop(): Timer | undefined {
    const heap = this.#timers;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && earlier(heap[child + 1] as Timer, heap[child] as Timer)) child += 1;
      if (!earlier(heap[child] as Timer, last)) break;
      heap[i] = heap[child] as Timer;
      i = child;
    }
    heap[i] = last;
    return top;
  }
}

const earlier = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
