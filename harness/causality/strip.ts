import { z } from "zod";
import type { Millis } from "../../contracts/values.ts";
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
    /** Events of the history that a continuation may reach: all, or those by which the probe has seen the violation. */
    until: z.int().nonnegative(),
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
    /** The event of the largest rise; null where it rises nowhere. */
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

/** Events that began at one moment, by the first and the last of them, and the figure before and behind all of them. */
export interface Rise {
  from: number;
  to: number;
  before: number;
  after: number;
}

/**
 * The largest rise, the first of several; null where it rises nowhere. Events that began at one moment are one: chance may
 * put one of them in the place of another, so the figures between them do not say where it comes from.
 *
 * @param began when each event began
 */
export function largestRise(events: readonly EventLikelihood[], began: readonly Millis[]): Rise | null {
  let largest: Rise | null = null;
  let from = 0;
  for (let to = 0; to < events.length; to += 1) {
    if (began[to + 1] === began[to] && to + 1 < events.length) continue;
    const after = figureAt(events, to);
    const before = figureAt(events, Math.max(from - 1, 0));
    if (after - before > (largest === null ? 0 : largest.after - largest.before))
      largest = { from, to, before, after };
    from = to + 1;
  }
  return largest;
}

/** The event of a rise with the largest rise of its own. */
export function steepest(events: readonly EventLikelihood[], { from, to }: Rise): number {
  let best = from;
  const own = (seq: number) => figureAt(events, seq) - figureAt(events, Math.max(seq - 1, 0));
  for (let seq = from + 1; seq <= to; seq += 1) if (own(seq) > own(best)) best = seq;
  return best;
}

const figureAt = (events: readonly EventLikelihood[], seq: number): number =>
  (events[seq] as EventLikelihood).probability;
