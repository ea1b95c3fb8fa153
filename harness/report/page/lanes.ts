import type { Timeline } from "./data.ts";

/** Parties that a reader looks for in this order; workers come before the database, whoever else at the end. */
const first = ["customer", "api"];
const last = ["MySQL", "destination", "Interlock"];

/** The lanes of a timeline, by the order in which they are asked for until all are known. */
export class Lanes {
  readonly #names: string[] = [];

  /** The place of a party's lane; one that is not there yet gets one. */
  of(party: string): number {
    const name = knownAs[party] ?? party;
    const place = this.#names.indexOf(name);
    return place >= 0 ? place : this.#names.push(name) - 1;
  }

  /** The timeline with its lanes in the order of a reader. The usual parties have one even where they did nothing. */
  placed({ events, bands, steps }: Omit<Timeline, "lanes">): Timeline {
    for (const party of [...first, ...last]) this.of(party);
    const rank = (name: string): number => {
      const [front, back] = [first.indexOf(name), last.indexOf(name)];
      if (front >= 0) return front;
      if (back >= 0) return 1_000 + back;
      return name.startsWith("customer") ? 0.5 : name.startsWith("api") ? 1.5 : 2;
    };
    const lanes = this.#names.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
    const place = this.#names.map((name) => lanes.indexOf(name));
    const to = (lane: number) => place[lane] as number;
    return {
      lanes,
      events: events.map((event) => ({ ...event, from: to(event.from), to: to(event.to) })),
      bands: bands.map((band) => ({ ...band, lane: to(band.lane) })),
      steps,
    };
  }
}

/** Components of a run under the name of their party. */
const knownAs: Readonly<Record<string, string>> = {
  database: "MySQL",
  mysql: "MySQL",
  rig: "Interlock",
  oracle: "Interlock",
};
