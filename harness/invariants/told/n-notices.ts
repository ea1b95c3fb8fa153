import { between, type Contradiction, type Invariant, orderOf } from "../invariant.ts";

/** The model of the service judges them: contracts/model/scheduled/notices.ts. */
export const changesAreTold: Invariant = {
  id: "N",
  name: "notices",
  definition:
    "Each change of a scheduled query, from success to failing and back, is told to its owner once, by a notice that says no more than that, and nothing else is.",
  isOfTime: ({ notices }) => notices?.every(({ isOfTime }) => isOfTime) === true,
  applies: ({ notices }) => notices !== null,
  witnesses: (history) =>
    (history.notices ?? []).map(
      ({ text, event }): Contradiction => between(text, orderOf(history), event ?? history.final),
    ),
};
