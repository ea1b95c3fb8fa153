import { type Generation, generations } from "../../contracts/job.ts";
import type { ProbeTopic } from "../probe-topics.ts";
import { namesakes } from "./accounts/namesakes.ts";
import { users } from "./accounts/users.ts";
import { ends } from "./endings.ts";
import { extremes } from "./extremes.ts";
import { sessions } from "./imports.ts";
import { backlog, kills, leases, outputs, twin } from "./jobs.ts";
import { malformed } from "./malformed.ts";
import { manyNames, manyThings } from "./many.ts";
import { movesOfMade, movesOfRegistered } from "./moves.ts";
import { names, tables } from "./names.ts";
import { everyType, keys, orderly } from "./orders.ts";
import type { ProbePort } from "./port.ts";
import { Party } from "./probe.ts";
import { pry } from "./pry.ts";
import { exportsOfResults } from "./results/exports.ts";
import { resultTargets } from "./results/targets.ts";
import { retries } from "./retries.ts";
import { scheduledQueries } from "./scheduled.ts";
import { streams } from "./streams.ts";
import { counts } from "./tables/counts.ts";
import { deletions } from "./tables/deletions.ts";
import { tableExports } from "./tables/exports.ts";
import { movesOfFilled } from "./tables/filled.ts";
import { loads } from "./tables/loads.ts";
import { neighbours } from "./tables/neighbours.ts";
import { outliving } from "./tables/outliving.ts";
import { tableSettings } from "./tables/settings.ts";

interface Topic {
  /** Each party goes through these topics by itself; then both ask together, of their jobs, of what stays behind, and what waits for long. */
  when: "alone" | "together" | "of names" | "at the end";
  ask: (parties: readonly Party[]) => Promise<unknown>;
}

const together = (when: Topic["when"], ask: Topic["ask"]): Topic => ({ when, ask });
const each = (when: Topic["when"], ask: (party: Party) => Promise<void>): Topic =>
  together(when, (parties) => Promise.all(parties.map(ask)));
const alone = (ask: (party: Party) => Promise<void>): Topic => each("alone", ask);

/** Asked in this order. The topic `lives` is asked by the customers of the workload. */
const conversation: Readonly<Record<Exclude<ProbeTopic, "lives">, Topic>> = {
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
  users: alone(users),
  "result-targets": alone(resultTargets),
  many: alone(manyThings),
  strangers: alone(pry),
  backlog: alone(backlog),
  twins: each("together", twin),
  types: together("together", everyType),
  names: each("of names", names),
  "moves-of-made": each("of names", movesOfMade),
  namesakes: together("of names", namesakes),
  "many-databases": together("of names", manyNames),
  outliving: each("of names", outliving),
  "moves-of-filled": each("of names", movesOfFilled),
  "table-settings": each("of names", tableSettings),
  counts: each("of names", counts),
  neighbours: together("of names", neighbours),
  streams: each("at the end", streams),
  extremes: together("at the end", (parties) =>
    Promise.all(parties.map((party, i) => extremes(party, i === 0))),
  ),
};

/** What is asked at one time, about these topics. */
const chosen = (topics: readonly ProbeTopic[], wanted: Topic["when"]): Topic["ask"][] =>
  Object.entries(conversation).flatMap(([name, { when, ask }]) =>
    when === wanted && topics.includes(name as ProbeTopic) ? [ask] : [],
  );

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
      for (const ask of chosen(topics, "alone")) await ask([party]);
    }),
  );
  for (const ask of chosen(topics, "together")) await ask(parties);
}

/** What it asks of names that customers make: these stay, so that it comes after the last look at the world. */
export async function askOfNames(port: ProbePort, topics: readonly ProbeTopic[]): Promise<void> {
  for (const ask of chosen(topics, "of names")) await ask(partiesAt(port));
  // Beside each other: most of the time streams wait.
  await Promise.all(chosen(topics, "at the end").map((ask) => ask(partiesAt(port))));
}

const partiesAt = (port: ProbePort): Party[] => generations.map((generation) => new Party(port, generation));
