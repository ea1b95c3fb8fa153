import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { reasonOf, UsageError } from "../errors.ts";
import type { Secrets } from "../secrets.ts";
import { type Config, type ConfigFunction, checkConfig } from "./config.ts";

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
  for (const secret of secretsIn(checked.config)) secrets.add(secret);
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

/** What the config itself gives away: keys, passwords of accounts, and those within URLs. */
function secretsIn({ mysql, api, workers, destinations, customers, scenarios }: Config): string[] {
  const components = [
    mysql,
    ...Object.values(api),
    ...Object.values(workers).flatMap((worker) => [worker, ...Object.values(worker.releases)]),
    ...Object.values(destinations),
  ];
  const urls = [
    ...components.flatMap((component) => ("url" in component ? [component.url] : [])),
    ...scenarios.flatMap(({ output }) => (output?.kind === "invalid" ? [output.url] : [])),
  ];
  return [
    ...Object.values(customers).map(({ apikey }) => apikey),
    ...[mysql.oracle, mysql.loader, destinations.mysql.oracle, destinations.mysql.writer].map(
      ({ password }) => password,
    ),
    ...urls.flatMap(passwordsIn),
  ];
}

/** A URL that is wrong on purpose may not parse: its password is what stands between `//user:` and either the first or the last `@`. */
function passwordsIn(url: string): string[] {
  const found = [/\/\/[^:@/]*:([^@]*)@/, /\/\/[^:@/]*:(.*)@/].flatMap(
    (pattern) => pattern.exec(url)?.[1] ?? [],
  );
  return found.flatMap((password) => [unescaped(password), password]);
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
