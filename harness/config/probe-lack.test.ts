import { expect, test } from "vitest";
import type { Config } from "./config.ts";
import { probeLack } from "./probe-lack.ts";

const config = { customers: { cdh4: {}, hdp2: {} }, workerTokens: {} } as unknown as Config;

test.each<[string, object, RegExp]>([
  ["has no token of a worker", { workerTokens: undefined }, /`workerTokens` is not in the config/],
  ["has one customer alone", { customers: { cdh4: {} } }, /no customer of hdp2/],
])("a config cannot have the probe that %s", (_, more, said) => {
  expect(probeLack({ ...config, ...more })).toMatch(said);
});

test("any other can", () => {
  expect(probeLack(config)).toBeNull();
});
