import { type Generation, generations } from "../../contracts/job.ts";
import type { ProbeTopic } from "../probe-topics.ts";
import { ends } from "./endings.ts";
import { exportsOfResults } from "./exports.ts";
import { extremes } from "./extremes.ts";
import { sessions } from "./imports.ts";
import { backlog, kills, leases, outputs, twin } from "./jobs.ts";
import { malformed } from "./malformed.ts";
import { manyDatabases, manyThings } from "./many.ts";
import { movesOfMade, movesOfRegistered } from "./moves.ts";
import { names, tables } from "./names.ts";
import { everyType, keys, orderly } from "./orders.ts";
import { Party, type ProbePort } from "./probe.ts";
import { pry } from "./pry.ts";
import { retries } from "./retries.ts";
import { scheduledQueries } from "./scheduled.ts";
import { streams } from "./streams.ts";
import { deletions } from "./tables/deletions.ts";
import { tableExports } from "./tables/exports.ts";
import { movesOfFilled } from "./tables/filled.ts";
import { loads } from "./tables/loads.ts";
import { neighbours } from "./tables/neighbours.ts";
import { outliving } from "./tables/outliving.ts";

/** Each party asks for itself, one topic after another. */
interface Alone {
  when: "alone";
  ask: (party: Party) => Promise<void>;
}
/** The parties ask together: of their jobs, of what stays behind, and at the end what waits for long. */
interface Together {
  when: "together" | "of names" | "at the end";
  ask: (parties: readonly Party[]) => Promise<unknown>;
}

const alone = (ask: Alone["ask"]): Alone => ({ when: "alone", ask });
const together = (when: Together["when"], ask: Together["ask"]): Together => ({ when, ask });
const each = (when: Together["when"], ask: Alone["ask"]): Together =>
  together(when, (parties) => Promise.all(parties.map(ask)));

/** Asked in this order. What stands in the lives of jobs, their customers ask. */
const conversation: Readonly<Record<Exclude<ProbeTopic, "lives">, Alone | Together>> = {
  malformed: alone(malformed),
  leases: alone(leases),
  kills: alone(kills),
  outputs: alone(outputs),
  retries: alone(retries),
  endings: alone(ends),
  orders: alone(orderly),
  keys: alone(keys),
  tables: alone(tables),
  moves: alone(movesOfRegistered),
  sessions: alone(sessions),
  deletions: alone(deletions),
  "table-exports": alone(tableExports),
  loads: alone(loads),
  "result-exports": alone(exportsOfResults),
  "scheduled-queries": alone(scheduledQueries),
  many: alone(manyThings),
  strangers: alone(pry),
  backlog: alone(backlog),
  twins: each("together", twin),
  types: together("together", everyType),
  names: each("of names", names),
  "moves-of-made": each("of names", movesOfMade),
  "many-databases": each("of names", manyDatabases),
  outliving: each("of names", outliving),
  "moves-of-filled": each("of names", movesOfFilled),
  neighbours: together("of names", neighbours),
  streams: each("at the end", streams),
  extremes: together("at the end", (parties) =>
    Promise.all(parties.map((party, i) => extremes(party, i === 0))),
  ),
};

const chosen = (topics: readonly ProbeTopic[]): (Alone | Together)[] =>
  Object.entries(conversation).flatMap(([topic, one]) => (topics.includes(topic as ProbeTopic) ? [one] : []));

/**
 * What the probe asks of jobs. Nothing else may call the API for a generation's customer, or claim its jobs, once it
 * is `free`.
 */
export async function askOfJobs(
  port: ProbePort,
  topics: readonly ProbeTopic[],
  free: (generation: Generation) => Promise<void>,
): Promise<void> {
  const parties = partiesAt(port);
  await Promise.all(
    parties.map(async (party) => {
      await free(party.generation);
      for (const one of chosen(topics)) if (one.when === "alone") await one.ask(party);
    }),
  );
  for (const one of chosen(topics)) if (one.when === "together") await one.ask(parties);
}

/** What it asks of names that customers make: these stay, so that it comes after the last look at the world. */
export async function askOfNames(port: ProbePort, topics: readonly ProbeTopic[]): Promise<void> {
  for (const one of chosen(topics)) if (one.when === "of names") await one.ask(partiesAt(port));
  // Beside each other: most of the time streams wait.
  await Promise.all(
    chosen(topics).map(async (one) => {
      if (one.when === "at the end") await one.ask(partiesAt(port));
    }),
  );
}

const partiesAt = (port: ProbePort): Party[] => generations.map((generation) => new Party(port, generation));
