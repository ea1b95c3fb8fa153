import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { RunResult } from "../../harness/matrix/result.ts";
import { configFile, openPlace } from "./place.ts";
import { elements, parseXml } from "./xml.ts";

/** What others build on: the JSON and JUnit of runs that are large, red, or come to nothing. */
describe("a report", () => {
  test("in JSON arrives whole however much there is to tell", async () => {
    await using place = await openPlace();
    const run = ["run", "--json", "--config", configFile("endless/refusing-api")];
    const { exitCode, stdout } = await place.interlock(run).ended;
    expect(exitCode).toBe(1);
    expect(stdout.length).toBeGreaterThan(500_000);
    const { cells } = JSON.parse(stdout) as RunResult;
    expect(cells).toHaveLength(2400);
    expect(new Set(cells.map(({ verdict }) => verdict))).toEqual(new Set(["violation"]));
  });

  test("in JUnit of a run without a verdict is one error, in the place of an earlier run's report", async () => {
    await using place = await openPlace();
    const file = join(place.folder, "junit.xml");
    await writeFile(file, "<testsuites>all green, yesterday</testsuites>");
    const run = ["run", "--junit", "junit.xml", "--config", configFile("troubled/missing-image")];
    expect(await place.interlock(run).ended).toMatchObject({ exitCode: 3 });
    const document = parseXml(await readFile(file, "utf8"));
    expect(document.attributes).toEqual({ tests: "1", failures: "0", errors: "1" });
    expect(elements(document, "error")).toMatchObject([
      {
        attributes: {
          type: "infrastructure",
          message: expect.stringMatching(/^worker-v6: expected the image/),
        },
      },
    ]);
  });
});
