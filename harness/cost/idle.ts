import type { Millis } from "../../contracts/values.ts";
import type { CallCounter, WorkerCall } from "./call-counter.ts";
import { type Figure, figure } from "./figures.ts";

/** So many waits of each worker are measured, and not longer than this in real time. */
const wanted = 16;
const limitMs: Millis = 15_000;

/**
 * How many calls each worker makes in an idle second of the system's own time: by the waits between them, since a count
 * over a fixed time would be one more or less by chance.
 *
 * @param timeScale real milliseconds for one of the system's own
 */
export async function idleCalls(
  counter: CallCounter,
  workers: readonly string[],
  timeScale: number,
): Promise<Figure[]> {
  counter.takeCalls();
  await counter.until((calls) => workers.every((worker) => waitsOf(worker, calls).length >= wanted), limitMs);
  const calls = counter.takeCalls();
  return workers.map((worker) => {
    const wait = usualWait(waitsOf(worker, calls)) / timeScale;
    return figure(`${worker}, idle`, "idleCalls", wait > 0 ? 1_000 / wait : 0);
  });
}

/** From the end of a call to the next one: how long a call takes is up to the API and to the machine. */
function waitsOf(worker: string, calls: readonly WorkerCall[]): Millis[] {
  const own = calls.filter(({ by }) => by === worker);
  return own.slice(1).map(({ at }, i) => at - (own[i]?.overAt ?? at));
}

/**
 * Of the later half, since a worker may wait longer each time up to a limit, the wait that three quarters of them reach:
 * a busy machine makes a wait longer and none shorter.
 */
export function usualWait(waits: readonly Millis[]): Millis {
  const later = waits.slice(Math.floor(waits.length / 2)).sort((a, b) => a - b);
  return later[Math.floor(later.length / 4)] ?? 0;
}
