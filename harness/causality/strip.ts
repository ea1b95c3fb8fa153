import { z } from "zod";
import { scheduleSchema } from "../schedule/schedule.ts";

/** How likely a violation is at each event of the history that shows it, when the run goes on from there at random. */
export const causalitySchema = z
  .strictObject({
    /** The violation that is looked for in every continuation. */
    invariant: z.string(),
    /** Number in the workload, from 1; 0 for what is about none of its jobs. */
    job: z.int().nonnegative(),
    /** The releases of which every process goes on from the event; null: those that it is of. */
    goesOn: scheduleSchema.shape.releases.nullable(),
    /** Runs that it took. */
    runs: z.int().nonnegative(),
    events: z.array(
      z.strictObject({
        /** Of the history. */
        seq: z.int().nonnegative(),
        /** Of the violation, when everything that began up to this event stays as it was. */
        probability: z.number().min(0).max(1),
        /**
         * `simulated`: from continuations of its own; `same`: nothing was decided since the event before, whose figure it
         * is; `certain`: nothing after it is left to chance, so one continuation says what all say.
         */
        by: z.enum(["simulated", "same", "certain"]),
        /** How many continuations its figure is from. */
        continuations: z.int().positive(),
      }),
    ),
    /** The event with the largest rise; null where it rises nowhere. */
    peak: z.strictObject({ seq: z.int().nonnegative(), before: z.number(), after: z.number() }).nullable(),
    /** What was simulated less than asked for, and why; null where nothing was. */
    sampled: z.string().nullable(),
  })
  .meta({
    id: "Causality",
    description:
      "How likely a violation is at each event of a history, when the run goes on from there at random",
  });
export type Causality = z.infer<typeof causalitySchema>;
export type EventLikelihood = Causality["events"][number];

/** What was seen at one place of a history, of the continuations that were run. */
export interface Seen {
  /** Whether each broke what is looked for. */
  broken: readonly boolean[];
  by: "simulated" | "certain";
}

/** Behind the last place of a history, where it is what it was. */
export const over: Seen = { broken: [true], by: "certain" };

/** The place's share of continuations that broke it. */
export const shareOf = ({ broken }: Seen): number => broken.filter(Boolean).length / broken.length;

/**
 * The figure of every event from those of the places that were looked at: an event has that of the first place after it,
 * a place that was not looked at that of the last one before it which was. Behind the last place the run is what it was.
 *
 * @param afters of each place, how many events are before it
 * @param seen by index of the place
 */
export function likelihoods(
  afters: readonly number[],
  seen: ReadonlyMap<number, Seen>,
  events: number,
): EventLikelihood[] {
  const found: EventLikelihood[] = [];
  let place = 0;
  let known = over;
  for (let seq = 0; seq < events; seq += 1) {
    while (place < afters.length && (afters[place] as number) <= seq) place += 1;
    const own = place < afters.length ? seen.get(place) : over;
    const isNew = own !== undefined && own !== known;
    known = own ?? known;
    const { broken, by } = known;
    found.push({ seq, probability: shareOf(known), by: isNew ? by : "same", continuations: broken.length });
  }
  return found;
}

/** The event at which it rises most, the first of several; null where it rises nowhere. */
export function peakOf(events: readonly EventLikelihood[]): Causality["peak"] {
  let peak: Causality["peak"] = null;
  for (const [i, { seq, probability: after }] of events.entries()) {
    const before = events[i - 1]?.probability ?? after;
    if (after - before > (peak === null ? 0 : peak.after - peak.before)) peak = { seq, before, after };
  }
  return peak;
}
