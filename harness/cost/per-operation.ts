import type { Reply } from "../../contracts/in-process.ts";
import type { Generation } from "../../contracts/job.ts";
import type { OperationId } from "../../contracts/operations.ts";
import type { ProbePort } from "../probe/port.ts";
import { Party } from "../probe/probe.ts";
import { type Counters, countedBetween } from "./counters.ts";
import type { Figure } from "./figures.ts";
import { figuresOf, samplesOfCall } from "./sampled.ts";

/** The same calls in the same order at every build, so that what one costs can be held against another. */
export interface Tour {
  of: string;
  make: (party: Party, round: number) => Promise<void>;
}

/**
 * What each call of a tour costs at MySQL, while nobody else calls. The n-th call of an operation within it is counted by
 * itself: the operation costs something else with each state of what it is about.
 */
export async function costPerOperation(
  { of: what, make }: Tour,
  port: ProbePort,
  generation: Generation,
  read: () => Promise<Counters>,
): Promise<Figure[]> {
  const samples = new Map<string, { counted: Counters; isTaken: boolean }[]>();
  const times = new Map<OperationId, number>();
  let isCounted = false;
  let before = await read();
  const call: ProbePort["call"] = async (...asked): Promise<Reply | null> => {
    const reply = await port.call(...asked);
    const after = await read();
    const operation = asked[2];
    const nth = (times.get(operation) ?? 0) + 1;
    times.set(operation, nth);
    const of = `${operation}, call ${nth} of ${what} in ${generation}`;
    const sample = { counted: countedBetween(before, after), isTaken: reply?.status !== 409 };
    if (isCounted) samples.set(of, [...(samples.get(of) ?? []), sample]);
    before = after;
    return reply;
  };
  const party = new Party({ ...port, call }, generation);
  for (let round = 0; round <= samplesOfCall; round += 1) {
    isCounted = round > 0;
    times.clear();
    await make(party, round);
  }
  return [...samples].flatMap(([of, all]) => {
    // On a busy machine a lease may run out within a tour: what is refused for that (409) does less than what is taken, and
    // is no count of the same.
    const taken = all.filter(({ isTaken }) => isTaken);
    const [name, counted] = taken.length > 0 ? [of, taken] : [`${of}, refused`, all];
    return figuresOf(
      name,
      counted.map((sample) => sample.counted),
    );
  });
}
