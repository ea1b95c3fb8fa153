import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { keepHistory } from "../../harness/history/write.ts";
import { LogFile } from "../../harness/rigs/containers/docker/log-file.ts";
import { Secrets } from "../../harness/secrets.ts";
import { exchangeEvent } from "../../harness/testing/events.ts";
import { Place } from "../trust/place.ts";
import { ScratchCheckout } from "../trust/scratch-checkout.ts";
import { standInEngine } from "./stand-in-engine.ts";

/** A secret is hidden by where it stands, also where nobody has named it; and what a run leaves is its user's own. */

const secret = "hunter2secret";
const shipped = resolve("interlock.config.ts");

async function said(place: Place, argv: string[], env: Record<string, string>) {
  const { exitCode, all } = await execa(process.execPath, [resolve("harness/cli.ts"), ...argv], {
    cwd: place.folder,
    env,
    all: true,
    reject: false,
    stdin: "ignore",
  });
  return { exitCode, all };
}

describe("the address of an engine is told without its account", () => {
  test.each([`tcp://u:${secret}@127.0.0.1:1`, `tcp://${secret}@127.0.0.1:1`, `u:${secret}@127.0.0.1:1`])(
    "DOCKER_HOST=%s",
    async (DOCKER_HOST) => {
      await using place = await Place.open();
      const { exitCode, all } = await said(place, ["clean"], { DOCKER_HOST });
      expect(exitCode).toBe(3);
      expect(all).toContain("DOCKER_HOST=");
      expect(all).not.toContain(secret);
    },
  );

  test("that of a Docker context, too", async () => {
    await using place = await Place.open();
    const meta = `contexts/meta/${createHash("sha256").update("mine").digest("hex")}/meta.json`;
    await mkdir(dirname(place.path(meta)), { recursive: true });
    await place.put(meta, { Name: "mine", Endpoints: { docker: { Host: `ssh://u:${secret}@far` } } });
    const env = { DOCKER_CONFIG: place.folder, DOCKER_CONTEXT: "mine", DOCKER_HOST: "" };
    const { exitCode, all } = await said(place, ["clean"], env);
    expect(exitCode).toBe(3);
    expect(all).toContain("the Docker context mine".replace("the ", ""));
    expect(all).not.toContain(secret);
  });

  test("and by the set-up", async () => {
    await using checkout = await ScratchCheckout.open();
    await checkout.write("engine-down", "");
    checkout.dockerHost = `tcp://u:${secret}@127.0.0.1:1`;
    const { exitCode, stdout, stderr } = await checkout.run("script/compat");
    expect(exitCode).toBe(3);
    expect(stdout + stderr).toContain(
      "the Docker engine of DOCKER_HOST=tcp://***@127.0.0.1:1 does not answer",
    );
    expect(
      stdout + stderr + (await readFile(checkout.path(".interlock/setup/containers"), "utf8")),
    ).not.toContain(secret);
  });
});

/** Mistakes of a config that hold a secret, and what it is asked for. */
const mistakes: readonly [change: string, ...argv: string[]][] = [
  ["config.current = key; config.workers[key] = 1", "cells"],
  ["config.scenarios[0] = { ...config.scenarios[0], name: key + '-', [key]: 1 }", "cells"],
  ["throw { key }", "cells"],
  ["throw new Error('cannot reach http://me:' + encodeURIComponent(key) + '@far/')", "cells"],
  ["setImmediate(() => { throw new Error(key); })", "explore", "--random", "1000"],
  ["config.workers['worker-v6'].image = 'mine/' + key", "explore"],
  ["config.inProcess = () => { throw new Error('http://me:another1@far'); }", "mutants"],
];

test.concurrent.each(mistakes)(
  "a wrong config does not give its secret away: %s",
  async (change, ...argv) => {
    await using place = await Place.open();
    await place.put(
      "mine.config.ts",
      `import base from ${JSON.stringify(shipped)};
export default (context) => {
  const key = context.secret("mine");
  const config = base(context);
  ${change};
  return config;
};
`,
    );
    const { exitCode, all } = await said(place, [...argv, "--config", "mine.config.ts"], {
      INTERLOCK_SECRET_MINE: secret,
    });
    expect([3, 64]).toContain(exitCode);
    expect(all).not.toMatch(/hunter2secret|another1/);
  },
);

describe("a history", () => {
  /** What is kept of one job that a stranger issued: the texts of all its files. */
  async function kept(request: unknown, reply: unknown): Promise<string> {
    await using place = await Place.open();
    const exchange = exchangeEvent({ operation: "job.issue", link: "customer->api", request, reply });
    const { file } = await keepHistory({ folder: place.path("run"), secrets: new Secrets() }, [exchange]);
    return await readFile(file, "utf8");
  }

  const settings = (password: string) => ({ job: { result_settings: { type: "mysql", password } } });
  test.each([
    ["a destination", { result: `mysql://u:${secret}@h/d/t` }, settings(secret)],
    ["an escaped one", { result: `web://u:${secret}%40%2F@h/p?mail=a@b` }, settings(`${secret}@/`)],
    ["one that is no URL", { result: `mysql://u:a/${secret}@h@x/d/t` }, settings("")],
    [
      "a table of the service",
      { result: `td://${secret}@/mart/rows` },
      { job: { result_url: `td://${secret}@/mart/rows` } },
    ],
    [
      "one whose key has a slash",
      { result: `td://1/${secret}@/mart/rows` },
      { job: { result_url: `td://1/${secret}@/mart/rows` } },
    ],
    [
      "one that is not known here",
      { result: `redis://${secret}@/d/t` },
      { job: { result_url: `redis://${secret}@/d/t` } },
    ],
    ["a text about one", { query: `SELECT 1 -- to mysql://u:${secret}@h/d/t` }, {}],
    ["settings alone", {}, settings(secret)],
  ])("does not show the password of %s", async (_, request, reply) => {
    const text = await kept(request, reply);
    expect(text).not.toContain(secret);
    expect(text).toContain("***");
  });

  test("tells no secret in words of a reply about how an account is written", async () => {
    const words = { text: "a destination is a URL such as mysql://user:password@host/db/table" };
    expect(await kept({ query: "SELECT 1" }, words)).toContain("mysql://user:***@host/db/table");
  });

  test("does not show a short one either, and still tells two of them apart", async () => {
    const texts = [];
    for (const password of ["pw", "qx"])
      texts.push(await kept([{ result: "mysql://u:pw@h/d/t" }, settings("pw")], settings(password)));
    for (const text of texts) expect(text).not.toMatch(/pw|qx/);
    const [same = "", other = ""] = texts.map((text) => text.replace(/"sha256":"\w+"/, ""));
    const tokens = (text: string) => new Set(text.match(/\*{3}\d+\*{3}/g));
    expect([tokens(same).size, tokens(other).size]).toEqual([1, 2]);
  });

  test("shows in its path no destination that was written into a query", async () => {
    await using place = await Place.open();
    const result = `mysql://u:${secret}@h/d/t`;
    const path = `/v3/job/issue/hive/db?${new URLSearchParams({ result }).toString()}`;
    const { file } = await keepHistory({ folder: place.folder, secrets: new Secrets() }, [
      exchangeEvent({ path, request: {} }),
    ]);
    expect(await readFile(file, "utf8")).not.toContain(secret);
  });
});

test("a log shows no password of a URL, and whoever wrote one that nobody knows has told no secret", async () => {
  await using place = await Place.open();
  let told = 0;
  const log = new LogFile(
    place.path("logs/api.log"),
    (text) => text,
    () => {
      told += 1;
    },
  );
  const { PassThrough } = await import("node:stream");
  const lines = new PassThrough();
  log.follow(lines);
  lines.end(`connecting to mysql://u:${secret}@h:3306/d\n`);
  await log.close();
  expect(await readFile(place.path("logs/api.log"), "utf8")).toBe("connecting to mysql://u:***@h:3306/d\n");
  expect(told).toBe(0);
});

test("the folder of a run and its files are its user's alone", async () => {
  await using place = await Place.open();
  await using engine = await standInEngine(place.path("docker.sock"), null);
  // The stand-in has no networks: the run comes to trouble when its folder is there.
  const { exitCode } = await said(place, ["run", "--config", shipped], { DOCKER_HOST: engine.host });
  expect(exitCode).toBe(3);
  const [run = ""] = await readdir(place.path(".interlock/runs"));
  const folder = place.path(join(".interlock/runs", run));
  await keepHistory({ folder, secrets: new Secrets() }, [exchangeEvent({ reply: "x".repeat(20_000) })]);
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  expect(all.filter((one) => one.isFile()).length).toBeGreaterThanOrEqual(2);
  const modes = await Promise.all(
    all.map(async (one) => [one.isFile(), (await stat(join(one.parentPath, one.name))).mode & 0o777]),
  );
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  for (const [isFile, mode] of modes) expect(mode).toBe(isFile ? 0o600 : 0o700);
});
