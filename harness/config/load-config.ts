import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Millis } from "../../contracts/values.ts";
import { destinationNames, kindNamed } from "../destinations/index.ts";
import { reasonOf, UsageError } from "../errors.ts";
import { Secrets, sha256 } from "../secrets.ts";
import { passwordsIn } from "../url-accounts.ts";
import { checkConfig } from "./check-config.ts";
import type { Config, ConfigContext, ConfigFunction } from "./config.ts";

/** A config may wait for something at its top level, but not for ever. */
export const loadLimitMs: Millis = 10_000;

/**
 * Loads and checks the config file.
 *
 * @throws UsageError for every problem, with the file and the place in it
 */
export async function loadConfig(
  path: string,
  secrets: Secrets,
  limitMs = loadLimitMs,
  secretOf = secretsOfRun(secrets),
  database?: string,
): Promise<Config> {
  const file = resolve(path);
  if (!existsSync(file)) {
    throw new UsageError(`${path}: no such config; run where it lies, or name it with --config`);
  }
  const from = { path, file, secrets, limitMs };
  const usual = await checkedConfig(from, { secret: secretOf });
  const config = isUsual(usual, database)
    ? usual
    : await checkedConfig(from, { secret: secretOf, database: known(usual, database) });
  for (const secret of secretsIn(config)) secrets.add(secret);
  return config;
}

const isUsual = ({ databases }: Config, asked: string | undefined): boolean =>
  asked === undefined || asked === databases?.[0];

/** @throws UsageError for a database that the config is not written for, before its function hears of it */
function known({ databases }: Config, asked: string | undefined): string | undefined {
  if (asked === undefined || databases?.includes(asked)) return asked;
  throw new UsageError(
    databases === undefined
      ? `no database ${asked} in the config: it has no key \`databases\`, which names those that it is written for`
      : `no database ${asked} in the config; it has ${databases.join(", ")}`,
  );
}

interface From {
  path: string;
  file: string;
  secrets: Secrets;
  limitMs: Millis;
}

async function checkedConfig(from: From, context: ConfigContext): Promise<Config> {
  const { path, secrets } = from;
  const { written } = await evaluate(from, context);
  const checked = checkConfig(written);
  if (checked.ok) return checked.config;
  throw new UsageError(`${path}:\n${checked.problems.map((line) => `  ${secrets.redact(line)}`).join("\n")}`);
}

/** New passwords and keys, or those that the run was given for components that run already. */
function secretsOfRun(secrets: Secrets): (name: string) => string {
  const made = new Map<string, string>();
  return (name) => {
    const given = process.env[variableOf(name)];
    const known = made.get(name) ?? (given === undefined ? secrets.make() : secrets.add(given));
    made.set(name, known);
    return known;
  };
}

/** A config and the secrets in it. */
export interface Settings {
  config: Config;
  secrets: Secrets;
}

/** What a config says without any run: with secrets that are the same each time and let nobody in. */
export async function loadSettings(path: string, database?: string): Promise<Settings> {
  const secrets = new Secrets();
  const secretOf = (name: string) => secrets.add(sha256(`no secret: ${name}`).slice(0, 32));
  return { config: await loadConfig(path, secrets, loadLimitMs, secretOf, database), secrets };
}

/** In an object: a promise that the function returned would be waited for. */
async function evaluate(
  { path, file, secrets, limitMs }: From,
  context: ConfigContext,
): Promise<{ written: unknown }> {
  try {
    const module = await importWithin(limitMs, file);
    if (typeof module.default !== "function") throw new Error("its default export is not defineConfig(...)");
    const written: unknown = module.default(context);
    if (written instanceof Promise) {
      written.catch(() => {});
      throw new Error("its function returns a promise, not a config; wait at the top level of the file");
    }
    return { written };
  } catch (error) {
    throw new UsageError(
      `${path}: cannot be loaded: ${secrets.redact(reasonOf(error))}\n  next: mend what it says, or name another with --config`,
    );
  }
}

/** The variable by which a secret is given to a run, for a component that runs already: `worker v5` is INTERLOCK_SECRET_WORKER_V5. */
const variableOf = (name: string): string =>
  `INTERLOCK_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_")}`;

async function importWithin(limitMs: Millis, file: string): Promise<{ default?: ConfigFunction }> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      reject(
        new Error(`it was not evaluated within ${limitMs / 1000} s; an await at its top level never ends`),
      ),
    limitMs,
  );
  try {
    return (await Promise.race([import(pathToFileURL(file).href), over])) as { default?: ConfigFunction };
  } finally {
    clearTimeout(timer);
  }
}

/** What the config itself gives away: keys, passwords of accounts, and those within URLs. */
function secretsIn({ mysql, api, workers, destinations, customers, scenarios }: Config): string[] {
  const components = [
    mysql,
    ...Object.values(api),
    ...Object.values(workers).flatMap((worker) => [worker, ...Object.values(worker.releases)]),
    ...Object.values(destinations).filter((component) => component !== undefined),
  ];
  const urls = [
    ...components.flatMap((component) => ("url" in component ? [component.url] : [])),
    ...scenarios.flatMap(({ output }) => (output?.kind === "invalid" ? [output.url] : [])),
  ];
  return [
    ...Object.values(customers).map(({ apikey }) => apikey),
    ...[mysql.oracle, mysql.loader].map(({ password }) => password),
    ...destinationNames.flatMap((name) => {
      const component = destinations[name];
      return component === undefined ? [] : kindNamed(name).secrets(component);
    }),
    ...urls.flatMap(passwordsIn),
  ];
}
