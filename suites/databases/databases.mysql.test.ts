import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answerOf } from "./ask.ts";
import { bothServers, defaultsOf } from "./bed.ts";
import { defaults } from "./defaults.ts";
import { saidOn, servers } from "./difference.ts";
import { page } from "./page.ts";
import { refusals } from "./refusals.ts";
import { silent } from "./silent.ts";
import { syntax } from "./syntax.ts";

/** Both servers say what docs/databases.md says that they do. */

test("docs/databases.md is made of the tables", async () => {
  await expect(page()).toMatchFileSnapshot("../../docs/databases.md");
});

let both: Awaited<ReturnType<typeof bothServers>>;
beforeAll(async () => {
  both = await bothServers();
});
afterAll(() => both?.[Symbol.asyncDispose]());

describe.each(servers)("%s", (server) => {
  test.each([...silent, ...refusals, ...syntax])("$about", async (difference) => {
    expect(await answerOf(difference, both[server])).toBe(saidOn(difference.says, server));
  });

  test("begins with its defaults", async () => {
    const begins = await defaultsOf(
      server,
      defaults.map(({ variable }) => variable),
    );
    expect(begins).toEqual(
      Object.fromEntries(defaults.map(({ variable, is }) => [variable, saidOn(is, server)])),
    );
  });
});
