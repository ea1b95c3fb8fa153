import { type Generation, generations } from "../../contracts/job.ts";
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

/**
 * All that the probe asks of jobs. Nothing else may call the API for a generation's customer, or claim its jobs, once it
 * is `free`.
 */
export async function askOfJobs(
  port: ProbePort,
  free: (generation: Generation) => Promise<void>,
): Promise<void> {
  const parties = partiesAt(port);
  await Promise.all(
    parties.map(async (party) => {
      await free(party.generation);
      await talk(party);
    }),
  );
  await Promise.all(parties.map(twin));
  await everyType(parties);
}

/** What it asks of names that customers make: these stay, so that it comes after the last look at the world. */
export async function askOfNames(port: ProbePort): Promise<void> {
  await Promise.all(partiesAt(port).map(names));
  await Promise.all(partiesAt(port).map(movesOfMade));
  await Promise.all(partiesAt(port).map(manyDatabases));
  await Promise.all(partiesAt(port).map(outliving));
  if (port.movesOthers === true) await Promise.all(partiesAt(port).map(movesOfFilled));
  await neighbours(partiesAt(port));
  // Most of the time streams wait.
  await Promise.all([
    ...partiesAt(port).map(streams),
    ...partiesAt(port).map((party, i) => extremes(party, i === 0)),
  ]);
}

const partiesAt = (port: ProbePort): Party[] => generations.map((generation) => new Party(port, generation));

async function talk(party: Party): Promise<void> {
  await malformed(party);
  await leases(party);
  await kills(party);
  await outputs(party);
  await retries(party);
  await ends(party);
  await orderly(party);
  await keys(party);
  await tables(party);
  await movesOfRegistered(party);
  await sessions(party);
  await deletions(party);
  await tableExports(party);
  await loads(party);
  await exportsOfResults(party);
  await scheduledQueries(party);
  await manyThings(party);
  await pry(party);
  await backlog(party);
}
