import { resolve } from "node:path";
import { expect, test } from "vitest";
import { openPlace } from "../../containers/place.ts";

/** docs/incidents.md, 2017-10-23: the query that went through all jobs, named before it is shipped. */

interface Told {
  verdict: string;
  checked: readonly { statement: string; findings: readonly object[]; lacks: readonly object[] }[];
  lacks: readonly string[];
}

const config = ["--config", resolve(import.meta.dirname, "../../../interlock.config.ts")];

test("the build of 2017 is red for its notifications, with the index; the statements of the API as it is are not", async () => {
  await using place = await openPlace();
  const argv = ["query-plans", ...config, "--api", "2017-10-23", "--finished", "10000", "--json"];
  const { exitCode, stdout } = await place.interlock(argv).ended;
  const { verdict, checked, lacks } = JSON.parse(stdout) as Told;
  expect({ exitCode, verdict, lacks }).toEqual({ exitCode: 1, verdict: "violation", lacks: [] });
  expect(checked.length).toBeGreaterThan(15);
  expect(checked.filter((one) => one.findings.length + one.lacks.length > 0)).toEqual([
    {
      statement: "SELECT `id` , `account_id` , STATUS FROM `jobs` WHERE `end_at` >= ? ORDER BY `end_at`",
      times: expect.any(Number) as number,
      findings: [
        {
          table: "jobs.jobs",
          access: "ALL",
          key: null,
          rows: 100_000,
          next: "no index leads to its rows: CREATE INDEX ... ON `jobs`.`jobs` (`end_at`)",
        },
      ],
      lacks: [],
    },
  ]);
});
