import { mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { action as gate } from "../../harness/commands/release/gate.ts";
import { action as holds } from "../../harness/commands/release/holds.ts";
import { action as merge } from "../../harness/commands/release/merge.ts";
import { action as plan } from "../../harness/commands/release/plan.ts";
import { action as store } from "../../harness/commands/store/store.ts";
import { UsageError } from "../../harness/errors.ts";

/** Each file that the commands of a release read, in every form that it must not have: 64, its name, and nothing half written. */

let root: string;
let place: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "interlock-bad-files-"));
});
afterAll(() => rm(root, { recursive: true }));

const digest = "a".repeat(64);
const build = { component: "api", release: "current", digest, image: `sha256:${digest}` };
const moment = "2026-11-26T12:00:00Z";
const good = {
  deployed: { schema: 1, at: moment, builds: [build], policy: { schema: 1, cells: ["v5-presto/web"] } },
  candidate: { schema: 1, builds: [build] },
  known: { schema: 1, failures: [] },
  overrides: { schema: 1, overrides: [] },
  decided: {
    decision: "GO",
    exit: 0,
    findings: [],
    required: 1,
    candidate: [build],
    deployed: digest,
    decidedAt: moment,
    validUntil: moment,
    override: null,
  },
  durations: {
    schema: 2,
    runId: "earlier",
    api: "current",
    cells: [{ path: "current/v5-presto/web", verdict: "pass", violations: [], millis: 5 }],
  },
};
type Name = keyof typeof good;
const names = Object.keys(good) as Name[];
const file = (name: string) => join(place, `${name}.json`);

beforeEach(async () => {
  place = await mkdtemp(join(root, "place-"));
  for (const name of names) await writeFile(file(name), JSON.stringify(good[name]));
});

const config = "suites/gate/ci/few.config.ts";
const asked = () => ({
  config,
  deployed: file("deployed"),
  candidate: file("candidate"),
  known: file("known"),
  overrides: file("overrides"),
  evidence: [place],
  missing: join(place, "missing.txt"),
  record: join(place, "GO.json"),
});
/** Who reads which file. */
const readers: Record<string, [reads: Name[], act: () => Promise<void>]> = {
  gate: [["deployed", "candidate", "known", "overrides"], () => gate([], asked())],
  holds: [["decided", "deployed", "candidate"], () => holds([file("decided")], asked())],
  plan: [["durations"], () => plan([], { config, shards: 2, durations: file("durations"), format: "json" })],
  merge: [["durations"], () => merge([place], { config, durations: file("durations") })],
};
const reads = Object.entries(readers).flatMap(([command, [all]]) => all.map((name) => ({ command, name })));

type Spoil = (path: string, text: string) => Promise<unknown>;
const written =
  (change: (text: string) => string | Uint8Array): Spoil =>
  (path, text) =>
    writeFile(path, change(text));
const instead =
  (make: (path: string) => Promise<unknown>): Spoil =>
  async (path) => {
    await rm(path);
    await make(path);
  };
const forms: Record<string, Spoil> = {
  "cut in its midst": written((text) => text.slice(0, text.length / 2)),
  "without its last sign": written((text) => text.slice(0, -1)),
  "twice in one": written((text) => text + text),
  empty: written(() => ""),
  "white space": written(() => " \n\t\n"),
  "NUL bytes": written(() => "\0".repeat(4096)),
  "good, with a NUL byte behind it": written((text) => `${text}\0`),
  "no UTF-8, in its last word": written((text) => {
    const end = text.lastIndexOf('"');
    return Buffer.concat([
      Buffer.from(text.slice(0, end)),
      Buffer.from([0xff]),
      Buffer.from(text.slice(end)),
    ]);
  }),
  "in UTF-16": written((text) => Buffer.from(`\ufeff${text}`, "utf16le")),
  "a list": written((text) => `[${text}]`),
  null: written(() => "null"),
  "a number": written(() => "1"),
  "a word": written((text) => JSON.stringify(text)),
  "an object of nothing": written(() => "{}"),
  "a million brackets deep": written(() => "[".repeat(1_000_000)),
  "a million brackets deep and back": written(() => "[".repeat(1_000_000) + "]".repeat(1_000_000)),
  "all of its values numbers": written((text) =>
    JSON.stringify(Object.fromEntries(Object.keys(JSON.parse(text)).map((key) => [key, 1]))),
  ),
  "another schema": written((text) =>
    text.replace(/"schema":\d|"exit":0/, (one) => `${one.slice(0, -1)}"7"`),
  ),
  "larger than can be": instead(async (path) => {
    await writeFile(path, "");
    await truncate(path, 2 ** 40);
  }),
  "a folder": instead((path) => mkdir(path)),
  "not there": instead(async () => {}),
  "a link to nowhere": instead((path) => symlink("nowhere", path)),
  "a link to itself": instead((path) => symlink(path, path)),
  "a device": instead((path) => symlink("/dev/zero", path)),
};

describe.each(Object.entries(forms))("%s", (_, spoil) => {
  test.each(reads)("is no $name for $command", async ({ command, name }) => {
    const [, act] = readers[command] as (typeof readers)[string];
    // Of an earlier decision.
    await writeFile(join(place, "GO.json"), JSON.stringify(good.decided));
    await spoil(file(name), JSON.stringify(good[name]));
    const refusal = await act().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UsageError);
    const { message } = refusal as UsageError;
    expect(message).toContain(file(name));
    expect(message.length).toBeLessThan(4_000);
    const left = await readdir(place);
    expect(left.filter((one) => /tmp|partial/.test(one))).toEqual([]);
    // What an earlier decision was must not pass for this one's.
    const record = await readFile(join(place, "GO.json"), "utf8");
    expect(record).toBe(command === "gate" ? "" : JSON.stringify(good.decided));
  });
});

test("all of them as they are, are read", async () => {
  for (const [command, [, act]] of Object.entries(readers)) {
    const said = await act().then(
      () => "done",
      ({ message }: Error) => message,
    );
    expect([command, said]).toEqual([command, "done"]);
  }
  process.exitCode = 0;
});

describe("a store that is a folder is read by nobody", () => {
  const marks: Record<string, Spoil> = {
    "whose mark is cut": (path) => writeFile(path, '{"version":'),
    "whose mark is empty": (path) => writeFile(path, ""),
    "whose mark is a word": (path) => writeFile(path, '{"version":"one"}'),
    "whose mark is null": (path) => writeFile(path, "null"),
    "whose mark is a folder": (path) => mkdir(path),
    "whose mark is a link to itself": (path) => symlink(path, path),
    "of an older form": (path) => writeFile(path, '{"version":0}'),
    "of a newer form": (path) => writeFile(path, '{"version":2}'),
    "without a mark": async () => {},
  };
  test.each(Object.entries(marks))("%s", async (_, spoil) => {
    const folder = join(place, "store");
    await mkdir(folder);
    await spoil(join(folder, "interlock-store.json"), "");
    const before = await readdir(folder);
    const asking = gate([], { ...asked(), evidence: [`file://${folder}`] });
    const refusal = await asking.catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: "InfrastructureError" });
    expect((refusal as Error).message).toContain(`the store ${folder}`);
    expect(await readdir(folder)).toEqual(before);
    expect(await readFile(join(place, "GO.json"), "utf8")).toBe("");
  });

  test.each(["file:", "file://host/x", "mysql://x/y", "ftp://x/y", "mysql://u@h:99999999/d", ""])(
    "named %j",
    async (url) => {
      await expect(store([url], { put: [place] })).rejects.toThrow(UsageError);
    },
  );
});
