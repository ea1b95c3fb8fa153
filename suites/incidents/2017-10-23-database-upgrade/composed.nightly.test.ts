import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { composed } from "./composed.ts";
import { evening } from "./evening.ts";
import { type TwoServers, twoServers } from "./two-servers.ts";

/** The evening of 2017-10-23 under builds that are wrong in several ways at once: whether all show is a matter of moments. */

let two: TwoServers;
beforeAll(async () => {
  two = await twoServers();
});
beforeEach(() => two.reset());
afterAll(() => two[Symbol.asyncDispose]());

test.each(composed)("%s: told", async (_, wanted, lines) => {
  expect((await evening(two, wanted)).wrong).toEqual(expect.arrayContaining(lines));
});
