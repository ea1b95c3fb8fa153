import type { Causality } from "../causality/strip.ts";
import type { HistoryEvent } from "../history/event.ts";
import { exchangeInWords } from "../history/in-words.ts";
import { apisOf } from "../schedule/schedule.ts";

/** Where the violation comes from, for a reader. */
export function causalityLines(causality: Causality | null, events: readonly HistoryEvent[]): string[] {
  if (causality === null) return ["causality: nothing broke of which a cause could be looked for"];
  const { peak, sampled } = causality;
  const [first] = causality.events;
  const head =
    peak === null
      ? `no event makes ${wordsOf(causality)} likelier: ${percent(first?.probability ?? 1)} from the first one on`
      : `${wordsOf(causality)} comes from ${eventInWords(events[peak.seq])} (event #${peak.seq}): ${percent(peak.before)} before it, ${percent(peak.after)} since`;
  return [
    `causality: ${head}`,
    `  ${waysOf(causality)}; ${causality.runs} runs`,
    ...(sampled === null ? [] : [`  ${sampled}`]),
  ];
}

const percent = (probability: number): string => `${Math.round(probability * 100)} %`;

const wordsOf = ({ invariant, job }: Causality): string =>
  job === 0 ? `the violation of ${invariant}` : `the violation of ${invariant} by job ${job}`;

/** What the continuations are. */
function waysOf({ goesOn }: Causality): string {
  if (goesOn === null)
    return "what begins after an event is drawn at random: latencies, and where faults come";
  const { workers } = goesOn;
  const builds = [
    ...apisOf(goesOn).map(([name, release]) => `${name} ${release}`),
    ...Object.entries(workers).map(([generation, release]) => `workers ${generation} ${release}`),
  ];
  return `what begins after an event goes on at random, as ${builds.join(", ")}`;
}

export function eventInWords(event: HistoryEvent | undefined): string {
  switch (event?.kind) {
    case "exchange":
      return `${exchangeInWords(event)} by ${event.by}`;
    case "fault":
      return `the fault ${event.what}`;
    case "component":
      return `${event.component} ${event.what} ${event.detail}`.trimEnd();
    default:
      return `what Interlock did (${event?.kind ?? "nothing"})`;
  }
}
