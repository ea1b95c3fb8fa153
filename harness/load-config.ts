import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Config, type ConfigFunction, checkConfig } from "./config.ts";
import { reasonOf, UsageError } from "./errors.ts";
import type { Secrets } from "./secrets.ts";

/** Loads and checks the config file; every problem is a UsageError that names the file and the place in it. */
export async function loadConfig(path: string, secrets: Secrets): Promise<Config> {
  const file = resolve(path);
  if (!existsSync(file)) {
    throw new UsageError(`${path}: no such config; run from the repository's root or name it with --config`);
  }
  const written = await evaluate(path, file, secrets);
  const checked = checkConfig(written);
  if (!checked.ok)
    throw new UsageError(`${path}:\n${checked.problems.map((line) => `  ${line}`).join("\n")}`);
  for (const { apikey } of Object.values(checked.config.customers)) secrets.add(apikey);
  return checked.config;
}

async function evaluate(path: string, file: string, secrets: Secrets): Promise<unknown> {
  const made = new Map<string, string>();
  const secret = (name: string) => {
    const known = made.get(name) ?? secrets.make();
    made.set(name, known);
    return known;
  };
  try {
    const module = (await import(pathToFileURL(file).href)) as { default?: ConfigFunction };
    if (typeof module.default !== "function") throw new Error("its default export is not defineConfig(...)");
    return module.default({ secret });
  } catch (error) {
    throw new UsageError(`${path}: cannot be loaded: ${reasonOf(error)}`);
  }
}
