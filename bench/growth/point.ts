import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { type SubjectName, subjects } from "./subjects.ts";

/**
 * Measures one subject at one size in a process of its own, so that its memory is its own:
 *
 *   node --expose-gc bench/growth/point.ts SUBJECT SIZE ROUNDS FOLDER
 *
 * Prints the seconds of CPU of each round, and the most MB that the process had above what it has once its code is loaded.
 */

const [name, size, rounds, place] = process.argv.slice(2) as [SubjectName, string, string, string];
await mkdir(place, { recursive: true });
const loaded = process.memoryUsage.rss();
const cpu: number[] = [];
for (let round = 0; round < Number(rounds); round += 1) {
  const folder = await mkdtemp(join(place, `${name}-`));
  const work = await subjects[name].prepare(Number(size), folder);
  globalThis.gc?.();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  cpu.push((user + system) / 1e6);
  await rm(folder, { recursive: true });
}
const peak = process.resourceUsage().maxRSS * 1_024;
console.log(JSON.stringify({ cpu, mb: (peak - loaded) / 1e6 }));
