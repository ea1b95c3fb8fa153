import { afterAll, beforeAll, expect, test } from "vitest";
import { mysqlStore } from "../../../fixtures/api/store/mysql.ts";
import { warm } from "../../../fixtures/api/upkeep/warm.ts";
import { standardBuild } from "../../../fixtures/build.ts";
import { withNotifications } from "../../../fixtures/mutants/2017-10-23/notifications.ts";
import { type Report, serviceOver } from "../reference/service.ts";
import { type Cold, type ColdServer, coldServer } from "./cold-server.ts";

/**
 * docs/incidents.md, 2017-10-23, the first touch of a cold disk. Pages are counted that a real server reads from its disk;
 * what it costs in time where each of them is slow is measured by `script/bench first`.
 */

let server: ColdServer;
beforeAll(async () => {
  server = await coldServer(50_000);
});
afterAll(() => server[Symbol.asyncDispose]());

/** Looks at old jobs and one end of a new one, as a share of all pages of the table. */
async function shareRead(cold: Cold, hasNotifications: boolean): Promise<number> {
  const apiPorts = hasNotifications ? withNotifications(cold.open(1)) : standardBuild.apiPorts;
  const build = { ...standardBuild, apiPorts };
  await using service = await serviceOver(mysqlStore(cold.open(2)), { build });
  const before = await cold.pagesRead();
  for (const id of server.jobs) expect((await service.show(id)).status).toBe(200);
  await service.issue();
  const { body } = await service.claim();
  expect((await service.finish(body["job"] as Report)).status).toBe(200);
  return ((await cold.pagesRead()) - before) / cold.pagesOfJobs;
}

const conditions = {
  cold: () => {},
  warmed: async (cold: Cold) => {
    expect(await warm(cold.open(1))).toContain("jobs.PRIMARY");
  },
};

test.each([
  ["cold", "the build of that day reads all jobs for one end", true, [0.8, 2]],
  ["cold", "the API as it is reads few of them", false, [0, 0.25]],
  ["warmed", "the build of that day reads hardly any: nobody notices its query", true, [0, 0.02]],
  ["warmed", "the API as it is reads hardly any", false, [0, 0.02]],
] as const)("%s: %s", async (condition, _, hasNotifications, [least, most]) => {
  const cold = await server.restart();
  expect(cold.pagesOfJobs).toBeGreaterThan(300);
  await conditions[condition](cold);
  const share = await shareRead(cold, hasNotifications);
  expect(share).toBeGreaterThanOrEqual(least);
  expect(share).toBeLessThanOrEqual(most);
});
