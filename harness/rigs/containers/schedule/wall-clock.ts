import type { Millis } from "../../../../contracts/values.ts";
import { InfrastructureError } from "../../../errors.ts";

/** Clocks that are kept right move by less in a whole day. */
const mostMs: Millis = 250;

const aheadOfMonotonic = (): Millis => Date.now() - performance.now();

/**
 * Components tell times by the machine's clock: where somebody sets it meanwhile, they prove nothing.
 *
 * @returns a look at the clock, which throws an InfrastructureError if it was set since
 */
export function watchClock(): () => void {
  const before = aheadOfMonotonic();
  return () => {
    const ms = aheadOfMonotonic() - before;
    if (Math.abs(ms) < mostMs) return;
    throw new InfrastructureError({
      component: "the clock of this machine",
      expected: "nobody to set it during the run",
      happened: `it was set ${ms < 0 ? "back" : "forward"} by ${(Math.abs(ms) / 1000).toFixed(1)} s`,
      next: "see who sets it (date, NTP, the hypervisor), and run again",
    });
  };
}
