import { deflateRawSync } from "node:zlib";
import { type Band, type PageEvent, type Timeline, tones } from "./data.ts";

/** The timelines of a page as few bytes: columns of numbers, every text once, deflated. `client/unpack.js` reads it. */

/** What a part of the page holds. */
export interface Packed {
  words: readonly string[];
  timelines: readonly PackedTimeline[];
}

/** Numbers by column. A time is in hundredths of a millisecond, and the difference from the event before. */
export interface PackedTimeline {
  lanes: readonly number[];
  seq: readonly number[];
  from: readonly number[];
  to: readonly number[];
  at: readonly number[];
  ms: readonly number[];
  tone: readonly number[];
  text: readonly number[];
  more: readonly number[];
  bands: readonly (Omit<Band, "text"> & { text: number })[];
  steps: readonly { at: number; text: number }[];
}

/** A part of a page, in base64. */
export function pack(timelines: readonly Timeline[], clean: (text: string) => string): string {
  const words = new Words();
  const packed: Packed = {
    timelines: timelines.map((one) => columns(one, words)),
    words: words.all.map(clean),
  };
  return deflateRawSync(JSON.stringify(packed)).toString("base64");
}

class Words {
  readonly #places = new Map<string, number>();

  of(word: string): number {
    const known = this.#places.get(word);
    if (known !== undefined) return known;
    this.#places.set(word, this.#places.size);
    return this.#places.size - 1;
  }

  get all(): string[] {
    return [...this.#places.keys()];
  }
}

function columns({ lanes, events, bands, steps }: Timeline, words: Words): PackedTimeline {
  const column = (value: (event: PageEvent) => number) => events.map(value);
  const hundredths = (ms: number) => Math.round(ms * 100);
  return {
    lanes: lanes.map((lane) => words.of(lane)),
    seq: differences(column(({ seq }) => seq)),
    from: column(({ from }) => from),
    to: column(({ to }) => to),
    at: differences(column(({ at }) => hundredths(at))),
    ms: column(({ at, until }) => hundredths(until - at)),
    tone: column(({ tone }) => tones.indexOf(tone)),
    text: column(({ text }) => words.of(text)),
    more: column(({ more }) => words.of(more)),
    bands: bands.map((band) => ({ ...band, text: words.of(band.text) })),
    steps: steps.map(({ at, text }) => ({ at, text: words.of(text) })),
  };
}

const differences = (numbers: readonly number[]): number[] =>
  numbers.map((number, i) => number - (numbers[i - 1] ?? 0));
