import type { Checks } from "../check.ts";
import { allOf, type Tried } from "./asked.ts";

/** What each destination of the config does with a delivery that is put there as a worker would. */
export interface DestinationFacts {
  taken: readonly Tried[];
  /** Why the oracle does not find there what was delivered. */
  read: readonly Tried[];
  /** A delivery where the destination is to refuse all; of kinds that have such a place. */
  refused: readonly Tried[];
  /** Whether it tells of all that came. */
  listed: readonly Tried[];
}

const none = "the config names no destinations, or none is ready";

export const destinationChecks = {
  "destinations-take": {
    expected: "each destination to take a delivery, with the credentials of its URL",
    why: "cells that deliver there could only fail",
    judge: ({ taken }) =>
      allOf(taken, {
        none,
        next: "your-own.md of the folder docs says what each kind must take, and from whom",
      }),
  },
  "destinations-tell": {
    expected: "the oracle to find the rows of that delivery there, once",
    why: "I4 holds what a destination received against the result",
    judge: ({ read }) =>
      allOf(read, { none, next: "your-own.md of the folder docs says how each kind is asked what came" }),
  },
  "destinations-refuse": {
    expected: "a destination that can refuse to refuse what is delivered below /refuse/",
    why: "cells of refused deliveries would end with success",
    judge: ({ refused }) =>
      allOf(refused, { none: "no kind of destination that is ready can refuse", next: "answer 403 there" }),
  },
  "destinations-list": {
    expected: "each destination to list all that came, at any place",
    why: "a delivery at a place that nobody named is only seen there",
    judge: ({ listed }) =>
      allOf(listed, { none, health: "warn", next: "answer to /_deliveries without a path, with each path" }),
  },
} as const satisfies Checks<DestinationFacts>;
