import { setTimeout as delay } from "node:timers/promises";

/** A load that comes at its own rate, whether what came before is done or not. */
interface OpenLoop {
  /** Operations a second. */
  rate: number;
  millis: number;
  /** Operations at a time; the others wait. */
  atOnce: number;
  /** How long a caller waits for its answer. */
  patienceMs: number;
  /** Rejects when an operation fails. */
  operate: () => Promise<void>;
}

export interface Carried {
  offered: number;
  failed: number;
  /** Answered after their callers had gone. */
  late: number;
  /** The most that waited at any time. */
  mostWaiting: number;
}

const tickMs = 5;

/** Offers the load, and waits until all of it is done. */
export async function offer({ rate, millis, atOnce, patienceMs, operate }: OpenLoop): Promise<Carried> {
  const carried: Carried = { offered: 0, failed: 0, late: 0, mostWaiting: 0 };
  const queue: number[] = [];
  const busy = new Set<Promise<void>>();
  const startNext = (): void => {
    while (busy.size < atOnce && queue.length > 0) {
      const came = queue.shift() as number;
      const one = operate()
        .catch(() => {
          carried.failed += 1;
        })
        .then(() => {
          if (performance.now() - came > patienceMs) carried.late += 1;
          busy.delete(one);
          startNext();
        });
      busy.add(one);
    }
  };
  const began = performance.now();
  for (let now = began; now < began + millis; now = performance.now()) {
    for (; carried.offered < ((now - began) / 1_000) * rate; carried.offered += 1) queue.push(now);
    startNext();
    carried.mostWaiting = Math.max(carried.mostWaiting, queue.length);
    await delay(tickMs);
  }
  while (busy.size > 0) await Promise.race(busy);
  return carried;
}

/** What is done in a second by so many at a time that never wait. */
export async function capacity(
  millis: number,
  atOnce: number,
  operate: () => Promise<void>,
): Promise<number> {
  let done = 0;
  const began = performance.now();
  const until = began + millis;
  const one = async (): Promise<void> => {
    for (; performance.now() < until; done += 1) await operate();
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return done / ((performance.now() - began) / 1_000);
}
