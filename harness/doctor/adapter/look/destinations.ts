import { isDeepStrictEqual } from "node:util";
import type { OpenDestination, Source } from "../../../destinations/destination.ts";
import { type DestinationName, kindNamed } from "../../../destinations/index.ts";
import { reasonOf } from "../../../errors.ts";
import type { Tried } from "../asked.ts";
import type { DestinationFacts } from "../destinations.ts";
import { troubleOf } from "./reach.ts";

export interface DestinationsReach {
  destinations: readonly (readonly [DestinationName, OpenDestination<Record<string, unknown>>])[];
  /** A name that nothing there has. */
  target: string;
}

const source: Source = {
  columns: [
    ["id", "bigint"],
    ["symbol", "string"],
  ],
  rows: [
    [1, "A"],
    [2, null],
  ],
};

/** Delivers to each destination as a worker would, and looks as the oracle does. */
export async function lookAtDestinations({
  destinations,
  target,
}: DestinationsReach): Promise<DestinationFacts> {
  const found = await Promise.all(
    destinations.map(async ([name, open]) => {
      const kind = kindNamed(name);
      const { plainest, refusing } = kind;
      const taken = await troubleOf(() => kind.deliver(plainest, target, source, open));
      const landed = await troubleOf(async () => {
        const there = await kind.read(plainest, target, source, open);
        if (!isDeepStrictEqual(there, kind.after(plainest, source, [source])))
          throw new Error(`the oracle finds ${JSON.stringify(there).slice(0, 200)}`);
      });
      const refusal = refusing && (await refusalOf(() => kind.deliver(refusing, target, source, open)));
      const all = await kind.survey(open, { isPassedOver: () => false, jobs: [] }).catch(reasonOf);
      return {
        taken: { what: name, trouble: taken },
        // What was not taken is not there, which is no second finding.
        read: taken === null ? [{ what: name, trouble: landed }] : [],
        refused: refusing === null ? [] : [{ what: name, trouble: refusal }],
        listed: { what: name, trouble: all === null ? "it does not" : typeof all === "string" ? all : null },
      };
    }),
  );
  return {
    taken: found.map(({ taken }) => taken),
    read: found.flatMap(({ read }): Tried[] => read),
    refused: found.flatMap(({ refused }): Tried[] => refused),
    listed: found.map(({ listed }) => listed),
  };
}

const refusalOf = async (doing: () => Promise<void>): Promise<string | null> =>
  (await troubleOf(doing)) === null ? "it took the delivery" : null;
