import { readFileSync } from "node:fs";

interface Override {
  files: string[];
  rules: Record<string, unknown>;
}
const { overrides } = JSON.parse(readFileSync(".oxlintrc.json", "utf8")) as { overrides: Override[] };

const settingOf = ({ rules }: Override): unknown => rules["no-restricted-globals"];

/** Where the linter's configuration bans clocks and chance, and what is exempt there, as globs. */
export const banned = overrides.find((override) => Array.isArray(settingOf(override)))?.files ?? [];
export const exempt = overrides.find((override) => settingOf(override) === "off")?.files ?? [];
