import { expect, test } from "vitest";
import type { RunResult } from "../../../harness/matrix/result.ts";
import { configFile, openPlace } from "../../containers/place.ts";

/** A secret that a component leaves on its disk is a finding about it. */

test.concurrent.each([["worker-v5"], ["api"]])(
  "%s that keeps a destination's password on its disk is red",
  async (who) => {
    await using place = await openPlace();
    const argv = [
      "run",
      "--json",
      "--config",
      configFile("standard/copying"),
      "--cell",
      "current/v5-presto/mysql-append",
    ];
    const { exitCode, stdout } = await place.interlock(argv, { TEST_WHO: who }).ended;
    const { loose, cells } = JSON.parse(stdout) as RunResult;
    expect({ exitCode, loose, verdicts: cells.map(({ verdict }) => verdict) }).toEqual({
      exitCode: 1,
      loose: [`${who}: a secret stands in /tmp/copy on its disk`],
      verdicts: ["pass"],
    });
  },
);
