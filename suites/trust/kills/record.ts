import { isKilledAsKept, kill, mutants } from "../mutant-builds.ts";
import { keepSchedule } from "./kept.ts";

/**
 * Keeps the schedules that kill mutants, all or those of the ids given, from the repository's root:
 * node_modules/.bin/node suites/trust/kills/record.ts [ID ...]. A schedule that still kills stays as it is.
 */
const ids = process.argv.slice(2);
const wanted = mutants.filter(({ id }) => ids.length === 0 || ids.includes(id));
for (const [done, mutant] of wanted.entries()) {
  if (await isKilledAsKept(mutant)) continue;
  const { verdict, counterexample } = await kill(mutant);
  if (verdict !== "killed" || counterexample === null) throw new Error(`${mutant.id}: ${verdict}`);
  await keepSchedule(mutant.id, counterexample.schedule);
  console.log(`${done + 1} of ${wanted.length}: ${mutant.id}`);
}
