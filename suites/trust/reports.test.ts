import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commands } from "../../harness/commands/index.ts";
import { formats, printed } from "../../harness/report/formats/index.ts";
import { readXml, type XmlElement } from "../../harness/testing/xml.ts";
import { Place } from "./place.ts";

/** Every command that judges has every format; what they write through the real command line. */

let place: Place;
beforeAll(async () => {
  place = await Place.open();
});
afterAll(() => place[Symbol.asyncDispose]());

const withConfig = ["--config", resolve("interlock.config.ts")];
const example = resolve("docs/rollout.schedule.json");
const allIn = (one: XmlElement, name: string): XmlElement[] =>
  one.children.flatMap((child) => [...(child.name === name ? [child] : []), ...allIn(child, name)]);
const suites = async (file: string) => readXml(await readFile(place.path(file), "utf8"));

test.each(["run", "explore", "replay", "check", "mutants"])("%s has a flag for every format", (name) => {
  const names = Object.keys(commands[name]?.options ?? {}).map((flags) => /^--(\S+)/.exec(flags)?.[1]);
  const wanted = Object.keys(formats).filter((format) => format !== printed);
  expect(names).toEqual(expect.arrayContaining(wanted));
});

describe("a replay", () => {
  test.concurrent("writes JUnit beside its text, and beside its JSON", async () => {
    const text = await place.interlock("replay", example, "--junit", "text.xml", ...withConfig);
    expect([text.exitCode, text.stdout]).toEqual([1, expect.stringContaining("\nbroken:\nI4, job 1: ")]);
    const json = await place.interlock("replay", example, "--json", "--junit", "json.xml", ...withConfig);
    expect([json.exitCode, JSON.parse(json.stdout)]).toMatchObject([
      1,
      { verdict: "violation", outcome: "broken" },
    ]);
    for (const file of ["text.xml", "json.xml"]) {
      const document = await suites(file);
      expect(document.attributes).toEqual({ tests: "1", failures: "1", errors: "0" });
      expect(allIn(document, "testcase")[0]?.attributes["file"]).toBe(example);
      expect(allIn(document, "failure")[0]?.text).toMatch(/^I4: .*\n.*0 rows where 4 belong/);
    }
  });

  test.concurrent("that comes to no verdict is an error, in the place of an earlier report", async () => {
    const schedule = JSON.parse(await readFile(example, "utf8"));
    const releases = { ...schedule.releases, api: "nobody-has-it" };
    const gone = await place.put("gone.json", { ...schedule, releases });
    await place.put("gone.xml", "<testsuites>all green, yesterday</testsuites>");
    const said = await place.interlock("replay", gone, "--junit", "gone.xml", ...withConfig);
    expect(said).toMatchObject({ exitCode: 3, stdout: "" });
    const document = await suites("gone.xml");
    expect(document.attributes).toEqual({ tests: "1", failures: "0", errors: "1" });
    expect(allIn(document, "error")[0]?.attributes["message"]).toContain("nobody-has-it");
    expect(allIn(document, "testcase")[0]?.attributes["file"]).toBe(gone);
  });

  test.concurrent("is refused before the work where the file cannot be written", async () => {
    const said = await place.interlock("replay", example, "--junit", "no/folder/j.xml", ...withConfig);
    expect(said).toEqual({
      exitCode: 64,
      stdout: "",
      stderr: expect.stringMatching(/^interlock: --junit no\/folder\/j\.xml: cannot be written: .*ENOENT/),
    });
  });
});

describe("a command that is refused before it judges", () => {
  const broken = "export default () => ({ api: {} });\n";
  const refused = { "--config": "broken.config.mjs" };
  const nowhere = { "--deployed": "nowhere", "--candidate": "nowhere" };

  test.concurrent.each([
    ["run", refused],
    ["explore", refused],
    ["rollout", refused],
    ["mutants", refused],
    ["cost", refused],
    ["up", refused],
    ["sessions", refused],
    ["query-plans", refused],
    ["gate", nowhere],
  ])("%s says so in the place of an earlier report", async (command, flags) => {
    await place.put("broken.config.mjs", broken);
    await place.put(`${command}.xml`, "<testsuites>all green, yesterday</testsuites>");
    const argv = [...Object.entries(flags).flat(), "--junit", `${command}.xml`, "--annotations"];
    const said = await place.interlock(command, ...argv);
    const [first] = Object.values(flags);
    expect(said).toMatchObject({ exitCode: 64, stderr: expect.stringMatching(`^interlock: ${first}`) });
    expect(said.stdout).toMatch(new RegExp(`^::error title=infrastructure.*::${first}`, "m"));
    const document = await suites(`${command}.xml`);
    expect(document.attributes).toEqual({ tests: "1", failures: "0", errors: "1" });
    expect(allIn(document, "error")[0]?.attributes["message"]).toContain(first);
  });

  test.concurrent("for the place of its file leaves that as it is", async () => {
    const history = await place.put("history.jsonl", "no history");
    const said = await place.interlock("check", history, "--junit", "history.jsonl");
    expect(said.exitCode).toBe(64);
    expect(await readFile(place.path(history), "utf8")).toBe("no history");
  });

  test.concurrent("lets no line of its message be a command of a workflow", async () => {
    const text = JSON.stringify("x\n::error::pwned\n  ::add-mask::a");
    const config = await place.put("thrower.config.mjs", `throw new Error(${text});\n`);
    const { stderr } = await place.interlock("run", "--config", config, "--annotations");
    expect(stderr).toContain("\n\\u{3a}:error::pwned\n  \\u{3a}:add-mask::a");
  });
});

test("mutants write a case for each mutant", async () => {
  const argv = ["mutants", "--only", "no-fencing", "--junit", "mutants.xml", ...withConfig];
  expect(await place.interlock(...argv)).toMatchObject({ exitCode: 0 });
  const cases = allIn(await suites("mutants.xml"), "testcase").map(({ attributes }) => attributes);
  expect(cases).toMatchObject([{ classname: "mutants.simulated", name: "no-fencing" }]);
});

test("a history that is no history is an error", async () => {
  const said = await place.interlock("check", await place.put("no.jsonl", "no"), "--junit", "check.xml");
  expect(said).toMatchObject({ exitCode: 64, stdout: "" });
  expect((await suites("check.xml")).attributes).toEqual({ tests: "1", failures: "0", errors: "1" });
});
