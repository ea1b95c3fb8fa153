import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { UsageError } from "../errors.ts";
import { Secrets } from "../secrets.ts";
import { loadConfig } from "./load-config.ts";

const root = resolve(import.meta.dirname, "../..");
let folder: string;
beforeAll(async () => {
  await mkdir(join(root, ".interlock"), { recursive: true });
  folder = await mkdtemp(join(root, ".interlock/load-config-"));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
async function load(text: string, secrets = new Secrets(), limitMs?: number) {
  const file = join(folder, `${(files += 1)}.config.ts`);
  await writeFile(file, text);
  return await loadConfig(file, secrets, limitMs);
}

const written = `
import { writtenConfig } from ${JSON.stringify(join(root, "harness/testing/config.ts"))};
`;

test("a config is loaded, and its secrets are known from then on", async () => {
  const secrets = new Secrets();
  const config = await load(
    `${written}
    const { destinations: { mysql }, ...rest } = writtenConfig();
    const invalid = { ...rest.scenarios[0], name: "bad", ending: "refused",
      output: { kind: "invalid", url: "mysql://user:hunter%402secret@host" } };
    export default ({ secret }) => ({ ...rest,
      destinations: { web: { url: "http://u:of-a-url@sink.test" },
        mysql: { ...mysql, writer: { user: "w", password: "write@it" }, oracle: { user: "o", password: secret("x") } } },
      scenarios: [...rest.scenarios, invalid] });`,
    secrets,
  );
  expect(config.scenarios.map(({ name }) => name)).toEqual(["web", "bad"]);
  const { mysql } = config.destinations;
  for (const known of [
    "write@it",
    "write%40it",
    "hunter%402secret",
    "hunter@2secret",
    "of-a-url",
    "1/abcdefgh",
    mysql?.oracle.password,
  ])
    expect(secrets.redact(`<${known}>`)).toBe("<***>");
});

test.each<[string, string, string]>([
  ["exports no function", "export default {};", "its default export is not defineConfig(...)"],
  ["throws an error", `export default () => { throw new Error("no room"); };`, "no room"],
  ["throws what is no error", "export default () => { throw { toString: 1 }; };", "{ toString: 1 }"],
  ["throws nothing", "export default () => { throw undefined; };", "undefined"],
  ["throws at its top level", `throw Object.create(null);`, "[Object: null prototype] {}"],
  [
    "throws what cannot be shown",
    "export default () => { throw Object.defineProperty(new Error(), 'message', { get() { throw 1; } }); };",
    "something that cannot be shown was thrown",
  ],
  ["is no program", "export default (", ""],
  ["imports what is not there", `import "./no-such-file.ts";`, ""],
  [
    "returns a promise",
    `${written} export default async () => writtenConfig();`,
    "its function returns a promise, not a config; wait at the top level of the file",
  ],
  [
    "returns a promise that fails",
    `export default async () => { throw new Error("late"); };`,
    "its function returns a promise, not a config; wait at the top level of the file",
  ],
])("a config that %s is a usage error", async (_, text, words) => {
  const loaded = load(text);
  await expect(loaded).rejects.toThrow(UsageError);
  await expect(loaded).rejects.toThrow(`.config.ts: cannot be loaded: ${words}`);
  await expect(loaded).rejects.toThrow("\n  next: mend what it says, or name another with --config");
});

test("a config that never ends is given up", async () => {
  const loaded = load("await new Promise(() => {}); export default () => ({});", new Secrets(), 20);
  await expect(loaded).rejects.toThrow(UsageError);
  await expect(loaded).rejects.toThrow("it was not evaluated within 0.02 s");
});

test.each([
  ["returns nothing", "export default () => undefined;", /\n {2}the config: /],
  [
    "cannot be read",
    "export default () => ({ get mysql() { throw 7; } });",
    /\n {2}the config: cannot be read: 7$/,
  ],
])("a config that %s is a usage error with its place", async (_, text, words) => {
  const loaded = load(text);
  await expect(loaded).rejects.toThrow(UsageError);
  await expect(loaded).rejects.toThrow(words);
});

test("no message repeats a secret", async () => {
  const secrets = new Secrets();
  const thrown = load("export default ({ secret }) => { throw new Error(secret('a')); };", secrets);
  await expect(thrown).rejects.toThrow(/cannot be loaded: \*\*\*\n {2}next: /);
  const key = load("export default ({ secret }) => ({ [secret('a')]: 1 });", secrets);
  await expect(key).rejects.toThrow('Unrecognized key: "***"');
});

test("a file that is not there is named, with what to do", async () => {
  await expect(loadConfig("no-such.config.ts", new Secrets())).rejects.toThrow(
    "no-such.config.ts: no such config; run where it lies, or name it with --config",
  );
});

test("a secret that is given by the environment is that one, and is hidden like any other", async () => {
  const secrets = new Secrets();
  vi.stubEnv("INTERLOCK_SECRET_WORKER_V5", "given to what runs already");
  onTestFinished(() => void vi.unstubAllEnvs());
  const config = await load(
    `${written}
    export default ({ secret }) => ({ ...writtenConfig(),
      mysql: { ...writtenConfig().mysql, oracle: { user: secret("worker v5"), password: secret("another") } } });`,
    secrets,
  );
  expect(config.mysql.oracle.user).toBe("given to what runs already");
  expect(config.mysql.oracle.password).toMatch(/^[0-9a-f]{32}$/);
  expect(secrets.redact("it was given to what runs already")).toBe("it was ***");
});

const forDatabases = `${written}
  export default ({ database = "one" }) => {
    if (!["one", "two"].includes(database)) throw new Error("it heard of " + database);
    const { mysql, ...rest } = writtenConfig();
    return { ...rest, databases: ["one", "two"], mysql: { ...mysql, warehouse: () => database } };
  };`;

test.each([
  [undefined, "one"],
  ["one", "one"],
  ["two", "two"],
])("a config that is asked for the database %s is written for %s", async (asked, is) => {
  const file = join(folder, `${(files += 1)}.config.ts`);
  await writeFile(file, forDatabases);
  const config = await loadConfig(file, new Secrets(), undefined, undefined, asked);
  expect(config.mysql.warehouse(1, "any")).toBe(is);
});

test("a database that the config does not name is refused, before its function hears of it", async () => {
  const file = join(folder, `${(files += 1)}.config.ts`);
  await writeFile(file, forDatabases);
  const loading = loadConfig(file, new Secrets(), undefined, undefined, "three");
  await expect(loading).rejects.toThrow("no database three in the config; it has one, two");
});
