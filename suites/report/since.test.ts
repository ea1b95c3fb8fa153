import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Place } from "../trust/place.ts";

/** What has changed since an earlier report, through the command line. */

let place: Place;
beforeAll(async () => {
  place = await Place.open();
});
afterAll(() => place[Symbol.asyncDispose]());

const example = resolve("docs/rollout.schedule.json");
const replay = (...argv: string[]) =>
  place.interlock("replay", example, "--config", resolve("interlock.config.ts"), ...argv);

test("the report of the last time may be the file that is written anew", async () => {
  await replay("--ctrf", "last.json");
  const again = await replay("--ctrf", "last.json", "--since", "last.json", "--html", "page.html");
  expect([again.exitCode, again.stdout]).toEqual([
    1,
    expect.stringMatching(/\nsince last\.json: 0 changed, 0 not here any more, 1 as before$/),
  ]);
  const green = (await readFile(place.path("last.json"), "utf8"))
    .replaceAll('"violation"', '"pass"')
    .replaceAll(/"violations":\[.*?\],"repeat"/g, '"violations":[],"repeat"');
  await place.put("green.json", green);
  const { stdout } = await replay("--since", "green.json");
  expect(stdout).toMatch(/1 changed.*\n {2}current\/v5-presto\/web: violation, was pass$/);
  expect(await readFile(place.path("page.html"), "utf8")).toContain("<summary>What has changed</summary>");
});

test("what is no report is refused before the work, in every file", async () => {
  await place.put("no.json", "{}");
  const said = await replay("--since", "no.json", "--junit", "no.xml", "--html", "no.html");
  expect(said).toEqual({
    exitCode: 64,
    stdout: "",
    stderr: expect.stringMatching(/^interlock: --since no\.json: holds no report that can be compared/),
  });
  for (const file of ["no.xml", "no.html"])
    expect(await readFile(place.path(file), "utf8")).toContain("holds no report that can be compared");
  expect(await replay("--since", "nowhere.json")).toMatchObject({ exitCode: 64, stdout: "" });
});
