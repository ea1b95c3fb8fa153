import { expect, test } from "vitest";
import type { RunResult } from "../../../harness/matrix/result.ts";
import { configFile, openPlace } from "../../containers/place.ts";

/** An API that is slow over lists and quotes what it refuses: only what it really does wrong is told of it. */

test("what an API does otherwise reddens no cell, and what it does wrong is named where it was done", async () => {
  await using place = await openPlace();
  const cells = ["*/no-output", "v5-*/web", "v5-*/bad-destination"].flatMap((path) => [
    "--cell",
    `current/${path}`,
  ]);
  const argv = ["run", "--json", "--config", configFile("standard/odd-api"), ...cells];
  const { exitCode, stdout, stderr } = await place.interlock(argv).ended;
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.not.stringContaining("interlock: ") });
  const result = JSON.parse(stdout) as RunResult;

  const red = result.cells.filter(({ verdict }) => verdict !== "pass");
  expect(red.map(({ path, verdict }) => [path, verdict])).toEqual([
    ["current/v6-hive-hdp2/no-output", "violation"],
  ]);
  // It says that a reply is packed, which it is not: the customer could not read it, and the story does not say so.
  expect(red[0]?.violations.map(({ invariant }) => invariant)).toContain("C");
  const [shows, reads] = ["job.show", "job.show reads success"].map((what) =>
    red[0]?.story.some((line) => line.includes(what)),
  );
  expect({ shows, reads }).toEqual({ shows: true, reads: false });

  // A refusal that quotes the URL is one: what is wrong with it is the password in it alone.
  expect(result.loose).toEqual([
    expect.stringContaining(
      "job.issue: model: it was refused in words that hold the password of a destination",
    ),
  ]);
});
