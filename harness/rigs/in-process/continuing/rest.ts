import type { HistoryEvent } from "../../../history/event.ts";
import { isApplicable } from "../../../schedule/applicable.ts";
import type { Planned, Schedule, Site } from "../../../schedule/schedule.ts";
import { seeded, seedFor } from "../../../seeded.ts";

/** How a run goes on from a place in its history: not as its schedule says, but at random. */
export interface Rest {
  /** So many events stay as they were; what begins after them is drawn. */
  after: number;
  /** Decides latencies, jitter and the sites of faults; null: they stay as they are. */
  seed: number | null;
  /** What goes on from there; null: what is there. */
  releases: Schedule["releases"] | null;
  /** Sites that the run as it was came to, in order: where faults may come that have not come yet. */
  sites: readonly Site[];
  /** The run is over when the probe has had so many answers; null: it asks all that it is to ask. */
  answers: number | null;
}

/**
 * Faults that have not come yet, each of its kind at a site drawn from those that are left; one without a site is left out.
 * Without a seed each stays where it is.
 */
export function drawn(
  faults: readonly Planned[],
  { releases, sites, seed }: Pick<Rest, "releases" | "sites" | "seed">,
  jobs: number,
): Planned[] {
  // A version step would bring back what is to go on no longer.
  const left = faults.filter(
    ({ fault }) => releases === null || !("release" in fault) || fault.release === undefined,
  );
  if (seed === null) return left;
  const random = seeded(seedFor(seed, "faults"));
  return left.flatMap(({ fault }) => {
    const meant = sites.filter((at) => isApplicable(at, fault, jobs));
    const at = meant[Math.floor(random() * meant.length)];
    return at === undefined ? [] : [{ at, fault: { ...fault } }];
  });
}

/** A history and its schedule with the faults alone that came: nothing is judged by what was only planned. */
export function withFired(
  schedule: Schedule,
  events: readonly HistoryEvent[],
  all: readonly Planned[],
): { schedule: Schedule; events: HistoryEvent[] } {
  const fired = [...new Set(events.flatMap((event) => (event.kind === "fault" ? [event.index] : [])))];
  const faults = fired.map((index) => all[index] as Planned);
  const own = { ...schedule, faults };
  return {
    schedule: own,
    events: events.map((event) => {
      if (event.kind === "fault") return { ...event, index: fired.indexOf(event.index) };
      return event.kind === "run" ? { ...event, schedule: own } : event;
    }),
  };
}
