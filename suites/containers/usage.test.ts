import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { configFile, openPlace } from "./place.ts";

/** What a user gets to see who asked for something that cannot be: exit 64 and the way out, before anything is started. */
const refused = async (argv: string[], ...texts: string[]) => {
  await using place = await openPlace();
  const { exitCode, stdout, stderr, millis } = await place.interlock(argv, {
    DOCKER_HOST: "unix:///nothing/listens/here",
  }).ended;
  expect(stderr).not.toMatch(/\n\s+at |fault of Interlock/);
  for (const text of texts) expect(stderr).toContain(text);
  expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
  expect(stderr.split("\n").length).toBeLessThanOrEqual(4);
  expect(millis).toBeLessThan(15_000);
  expect(await place.runs()).toEqual([]);
};

const endless = ["run", "--config", configFile("endless/endless")];

describe.concurrent("a wrong config", () => {
  test("with an unknown key is refused, and the place of the key is named", () =>
    refused(
      ["run", "--config", configFile("refused/unknown-key")],
      "unknown-key.config.ts",
      "workers.worker-v5",
      '"enginse"',
    ));

  test("that is not there is refused, and the way to name another is told", () =>
    refused(["run", "--config", "nowhere.config.ts"], "nowhere.config.ts: no such config", "--config"));

  test("that cannot be loaded is refused with its own error", () =>
    refused(["run", "--config", configFile("refused/throws")], "cannot be loaded: TEAM_REGISTRY is not set"));

  test("without a scenario is refused: it would test nothing", () =>
    refused(
      ["run", "--config", configFile("refused/no-scenarios")],
      "scenarios: names none; a matrix without scenarios tests nothing",
    ));
});

describe.concurrent("a wrong flag", () => {
  test("that nobody knows is refused", () => refused([...endless, "--sells"], "'--sells'"));

  test("for a release that the config has not is refused, and those that it has are named", () =>
    refused([...endless, "--api", "2015-08-25"], "no API release 2015-08-25", "it has current"));

  test("for a database that the config is not written for is refused, and those that it is are named", () =>
    refused(
      [
        "run",
        "--config",
        resolve(import.meta.dirname, "../../interlock.config.ts"),
        "--database",
        "mysql-5.6",
      ],
      "no database mysql-5.6 in the config; it has mysql-9.7, mariadb-10.11",
    ));

  test("for a database of a config that names none is refused, and the key is named", () =>
    refused(
      [...endless, "--database", "mariadb-10.11"],
      "no database mariadb-10.11 in the config: it has no key `databases`",
    ));

  test("for a release with the name of something that every object has is refused all the same", () =>
    refused([...endless, "--api", "constructor"], "no API release constructor"));

  test("for cells that are not there is refused, also beside a pattern that matches", () =>
    refused(
      [...endless, "--cell", "current/**", "--cell", "current/v7-*/**"],
      "no cell matches current/v7-*/**",
      "`script/interlock cells --config ",
    ));

  test("for a JUnit file that cannot be written is refused before the work, not after it", () =>
    refused([...endless, "--junit", "no/such/folder/junit.xml"], "--junit no/such/folder/junit.xml"));

  test("of a command that is not there is refused", () => refused(["walk"], "walk"));
});
