import { readFileSync } from "node:fs";

interface Override {
  files: string[];
  rules: Record<string, unknown>;
}

interface Config {
  overrides: Override[];
}

export const config = JSON.parse(
  readFileSync(".oxlintrc.json", "utf8").replaceAll(/^\s*\/\/.*$/gm, ""),
) as Config;

/** Rules that keep the time, the waiting and the chance of the machine out of code that runs under the virtual clock. */
export const ambientRules = ["no-restricted-globals", "no-restricted-imports", "no-restricted-properties"];

const overridesWith = (hasSetting: (setting: unknown) => boolean): string[] =>
  config.overrides
    .filter(({ rules }) => ambientRules.every((rule) => hasSetting(rules[rule])))
    .flatMap(({ files }) => files);

/** Where those rules hold, and what is exempt there, as globs. */
export const banned = overridesWith((setting) => Array.isArray(setting));
export const exempt = overridesWith((setting) => setting === "off");
