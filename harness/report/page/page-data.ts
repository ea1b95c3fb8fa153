import { causalityLines } from "../causality.ts";
import type { Case, CaseHistory, Report } from "../report.ts";
import type { PageCausality, PageCell, PageData, PageHistory, Timeline } from "./data.ts";
import { pack } from "./pack.ts";
import { timelineOf } from "./timeline.ts";
import { eventsThatShow, eventsTold, scheduleOf } from "./told.ts";
import { visibilityIn } from "./visibility.ts";

/** Bytes for timelines, in base64, so that a page stays below 5 MB. */
const mostBytes = 3_600_000;
/** The most events whose request and reply are kept, those of red cells first. */
const mostFull = 4_000;
/** Timelines of one part: it is unpacked when one of them is looked at. */
const inPart = 25;
/** Above this a timeline cannot be read, and would slow the page down. */
const mostEvents = 2_000;

export interface Packing {
  data: PageData;
  /** The parts, in base64. */
  parts: string[];
}

/** What the page's script is given. `clean` hides secrets in a text. */
export function pageData(report: Report, clean: (text: string) => string): Packing {
  const { verdict, cases } = report;
  const visibility = visibilityIn(report);
  const room = new Room(clean);
  const order = cases
    .map((one, place) => ({ one, place }))
    .toSorted((a, b) => Number(a.one.verdict === "pass") - Number(b.one.verdict === "pass"));
  const placed = order.map(({ one, place }) => ({ place, histories: (one.histories ?? []).map(room.take) }));
  const parts = room.close();
  const histories = new Map(placed.map((one) => [one.place, one.histories]));
  const paths = addresses(cases.map(({ path }) => clean(path)));
  const cells = cases.map((one, i) => ({
    path: paths[i] as string,
    ...cellOf(one, room.shown(histories.get(i) ?? []), clean),
  }));
  const data = { verdict, cells, parts: parts.length, ...(visibility === undefined ? {} : { visibility }) };
  return { data, parts };
}

/** What an address can name, each only once: of several cases of one path the later ones get a number. */
function addresses(paths: readonly string[]): string[] {
  const times = new Map<string, number>();
  return paths.map((given) => {
    const path = given.toWellFormed();
    const time = (times.get(path) ?? 0) + 1;
    times.set(path, time);
    return time === 1 ? path : `${path} (${time})`;
  });
}

function cellOf(
  one: Case,
  histories: PageHistory[],
  clean: (text: string) => string,
): Omit<PageCell, "path"> {
  const { verdict, reason, violations, story, millis, repeat, since } = one;
  return {
    verdict,
    ...(reason === undefined ? {} : { reason: clean(reason) }),
    violations: violations.map(({ invariant, definition, witnesses }) => ({
      invariant,
      definition,
      witnesses: witnesses.map((text) => ({
        text: clean(text),
        events: (one.histories ?? []).map((history) => eventsThatShow(history, invariant, text)),
      })),
    })),
    story: story.map(clean),
    ...(millis === undefined ? {} : { millis: Math.round(millis) }),
    ...(repeat === undefined ? {} : { repeat: clean(repeat) }),
    ...(since === undefined ? {} : { since: clean(since) }),
    histories,
  };
}

function causalityIn(
  { causality, events }: CaseHistory,
  clean: (text: string) => string,
): { causality?: PageCausality } {
  if (causality === undefined) return {};
  const told = causality.events.slice(0, mostEvents);
  return {
    causality: {
      words: causalityLines(causality, events).map(clean),
      events: told.map(({ seq, probability, by }) => ({ seq, probability, isOwn: by !== "same" })),
      peak: causality.peak?.seq ?? null,
    },
  };
}

interface Taken {
  title: string;
  part: number;
  place: number;
  left: string[];
  causality?: PageCausality;
}

/** Packs timelines part by part until there is no room. */
class Room {
  readonly #clean: (text: string) => string;
  readonly #parts: string[] = [];
  #open: Timeline[] = [];
  #bytes = 0;
  #full = 0;

  constructor(clean: (text: string) => string) {
    this.#clean = clean;
  }

  readonly take = (history: CaseHistory): Taken => {
    const told = eventsTold(history);
    const events = told.slice(0, mostEvents);
    const isFull = this.#full + events.length <= mostFull;
    if (isFull) this.#full += events.length;
    const taken = {
      title: history.title,
      part: this.#parts.length,
      place: this.#open.length,
      ...causalityIn(history, this.#clean),
      left: [
        ...(told.length === 0 ? ["No event is on record: the job was never issued."] : []),
        ...(told.length > events.length
          ? [`${told.length - events.length} later events are not shown; the history has them.`]
          : []),
        ...(isFull ? [] : ["What was asked and answered is not kept in this page; the history has it."]),
      ],
    };
    // Nothing of a page that is full already is worth the time.
    if (this.#bytes > mostBytes) return { ...taken, part: Number.POSITIVE_INFINITY };
    this.#open.push(timelineOf({ schedule: scheduleOf(history.events), events, isFull }));
    if (this.#open.length === inPart) this.#closePart();
    return taken;
  };

  /** What was taken, with whether there was room for it. */
  shown(taken: readonly Taken[]): PageHistory[] {
    return taken.map(({ title, part, place, left, causality }) =>
      part < this.#parts.length
        ? { title, timeline: [part, place], left, ...(causality && { causality }) }
        : { title, timeline: null, left: ["The page has no room for this timeline; the history has it."] },
    );
  }

  close(): string[] {
    if (this.#open.length > 0) this.#closePart();
    return this.#parts;
  }

  #closePart(): void {
    const part = pack(this.#open, this.#clean);
    this.#open = [];
    this.#bytes += part.length;
    if (this.#bytes <= mostBytes) this.#parts.push(part);
  }
}
