import { expect, test } from "vitest";
import { loadConfig } from "../../harness/config/load-config.ts";
import { Secrets } from "../../harness/secrets.ts";
import { config, expectGreen, expectKilled, killMutants } from "../containers/mutants.ts";
import { expectNothingLeft, openPlace } from "../containers/place.ts";

/** Every release but the current one that the config has an image for. */
async function released(): Promise<string[]> {
  const { api, workers, current } = await loadConfig(config[1] as string, new Secrets());
  const ofWorkers = Object.values(workers).flatMap(({ releases: others }) => Object.keys(others));
  return [...new Set([...Object.keys(api), ...ofWorkers])].filter((name) => name !== current).sort();
}

test("every mutant that has images is killed in containers too, and the current build is green under the same schedules", async () => {
  await using place = await openPlace();
  const killed = await killMutants(place, []);
  const ids = await released();
  expect(ids.length).toBeGreaterThanOrEqual(8);
  expectKilled(killed, ids);
  await expectGreen(killed.files);
  await expectNothingLeft(place);
});
