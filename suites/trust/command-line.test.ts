import { cp, mkdir, symlink } from "node:fs/promises";
import { resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commands } from "../../harness/commands/index.ts";
import { Place } from "./place.ts";

/** The command line itself: its help, what it refuses, and where its output goes. */

let place: Place;
beforeAll(async () => {
  place = await Place.open();
  await place.put("empty", "");
  await place.put("list.json", "[]");
  await place.put("odd.json", '{"kind":"counterexample"}');
  await place.put("kind.json", '{"kind":"story"}');
  await place.put("config.ts", "");
});
afterAll(() => place[Symbol.asyncDispose]());

const cli = resolve("harness/cli.ts");
const config = resolve("interlock.config.ts");
const example = resolve("docs/rollout.schedule.json");

/** A shell's line; `interlock` in it is the real command line. */
const shell = async (line: string) => {
  const script = `interlock() { "$NODE" "$CLI" "$@"; }; ${line}`;
  const env = { NODE: process.execPath, CLI: cli, CONFIG: config, EXAMPLE: example };
  const { exitCode, stdout, stderr } = await execa("bash", ["-c", script], {
    cwd: place.folder,
    env,
    reject: false,
  });
  return { exitCode, stdout, stderr };
};

describe("help", () => {
  test("names every command, and each command its arguments and flags", async () => {
    const { exitCode, stdout, stderr } = await place.interlock("--help");
    expect([exitCode, stderr]).toEqual([0, ""]);
    for (const name of Object.keys(commands)) expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
  });

  test.concurrent.each(Object.entries(commands))("of %s", async (name, spec) => {
    const { exitCode, stdout, stderr } = await place.interlock(name, "--help");
    expect([exitCode, stderr]).toEqual([0, ""]);
    for (const argument of Object.keys(spec.arguments ?? {})) expect(stdout).toContain(`<${argument}>`);
    for (const flags of Object.keys(spec.options)) expect(stdout).toContain(flags);
  });

  test("loads no module of any command", async () => {
    const { stderr } = await shell("NODE_DEBUG=esm interlock explore --help >/dev/null");
    const loaded = [...stderr.matchAll(/file:\/\/\S*\/harness\/(\S+\.ts)/g)].map(([, file]) => file);
    expect(loaded).toContain("commands/index.ts");
    expect(loaded).not.toContain("commands/explore.ts");
    expect(stderr).not.toMatch(/node_modules\/(?:zod|msw|testcontainers|fast-check|mysql2)\//);
  });

  test("is the same where the compile cache cannot be written", async () => {
    await mkdir(place.path("copy/.interlock"), { recursive: true });
    await cp("harness", place.path("copy/harness"), { recursive: true });
    await symlink(resolve("node_modules"), place.path("copy/node_modules"));
    // A file in its place, because root may write to any folder.
    await place.put("copy/.interlock/compile-cache", "");
    // Which is where the command line itself wants it, not where these tests have it.
    const { NODE_COMPILE_CACHE: _, ...env } = process.env;
    const { stdout, stderr } = await execa(process.execPath, [place.path("copy/harness/cli.ts"), "--help"], {
      env,
      extendEnv: false,
    });
    expect([stdout, stderr]).toEqual([(await place.interlock("--help")).stdout, ""]);
  });
});

describe("what cannot be is refused with exit 64 and one message", () => {
  test.concurrent.each([
    [["walk"], "unknown command 'walk'"],
    [["run", "--sells"], "unknown option '--sells'"],
    [["check"], "missing required argument 'file'"],
    [["replay", "a.json", "b.json"], "too many arguments for 'replay'"],
    [["explore", "--rig", "virtual"], "Allowed choices are simulated, wire, containers."],
    [["explore", "--pairs", "9/8"], "--pairs 9/8: expected i/n, with i from 1 to n"],
    [["explore", "--rig", "containers", "--pairs", "1/8"], "the rig containers explores no pairs"],
    [["explore", "--seed", "x"], "'x' is invalid. Expected a whole number from 0"],
    [["explore", "--random", "-1"], "'-1' is invalid. Expected a whole number from 0"],
    [["explore", "--minutes", "0"], "'0' is invalid. Expected a whole number from 1"],
    [["mutants", "--rig", "wire"], "Allowed choices are simulated, containers."],
    [["cells", "--config", "nowhere.ts"], "nowhere.ts: no such config"],
    [
      ["cells", "--config", config, "--api", "1999"],
      "no API release 1999 in the config; it has 2026-05, current",
    ],
    [["cells", "--config", config, "--api", "constructor"], "no API release constructor"],
  ])("%j", async (argv, message) => {
    const { exitCode, stdout, stderr } = await place.interlock(...argv);
    expect([exitCode, stdout, stderr]).toEqual([64, "", expect.stringContaining(message)]);
    expect(stderr.replace(/\n {2}next: .*$/, "").split("\n").length).toBeLessThanOrEqual(2);
  });

  test.concurrent.each([
    [["walk"], "`script/interlock --help`"],
    [["run", "--sells"], "`script/compat --help`"],
    [["plan"], "`script/interlock plan --help`"],
    [["check"], "`script/interlock check --help`"],
    [["replay", "a.json", "b.json"], "`script/interlock replay --help`"],
    [["explore", "--seed", "x"], "`script/interlock explore --help`"],
    [["replay", "nowhere.json"], "name a file that is there"],
    [["replay", "config.ts/inside"], "name a file that is there"],
    [["check", "."], "name a file that can be read whole"],
    [["check", "nowhere.jsonl"], "name a file that is there"],
    [["check", "empty"], "name the history.jsonl of a run"],
    [["check", "list.json"], "name the history.jsonl of a run"],
    [["replay", "list.json"], "hold it against docs/schedule.schema.json"],
    [["shrink", "list.json"], "hold it against docs/schedule.schema.json"],
    [["attested", "nowhere"], "name the folder of a run that was attested"],
    [["replay", "odd.json"], "hold it against docs/counterexample.schema.json"],
    [["replay", "kind.json"], "name one; runs leave them in .interlock/counterexamples"],
    [["replay", example, "--digest", "12"], "take the file that was asked for"],
    [["query-plans", "--server", "mysql://u@localhost:1", "--sizes", "list.json"], "see docs/query-plans.md"],
    [["sessions", "--server", "mysql://u@localhost:1", "--pins", "list.json"], "see docs/sessions.md"],
  ])("says what to do next, in the last line of one message: %j", async (argv, next) => {
    const { exitCode, stdout, stderr } = await place.interlock(...argv);
    expect([exitCode, stdout]).toEqual([64, ""]);
    const lines = stderr.split("\n");
    expect(lines.at(-1)).toMatch(/^ {2}next: /);
    expect(lines.at(-1)).toContain(next);
    expect(lines.filter((line) => !/^ {2}|^\(Did you mean /.test(line))).toHaveLength(1);
  });

  test.concurrent.each([
    [["faults"], "faults is now mutants: interlock mutants"],
    [["clean", "--dead"], "clean --dead is now clean: interlock clean"],
    [["faults", "--only", "a b", "--json"], "faults is now mutants: interlock mutants --only 'a b' --json"],
    [
      ["run", "--rig", "simulated", "--seed", "3", "--cell", "*/v6-*/**"],
      "run --rig is now explore: interlock explore --rig simulated --seed 3 --cell '*/v6-*/**'",
    ],
    [["run", "--json", "--rig=wire"], "run --rig is now explore: interlock explore --json --rig=wire"],
    [["run", "--grid"], "run --grid is now explore: interlock explore --grid"],
    [
      ["run", "--rig", "containers", "--json"],
      "run needs no --rig, it is always in containers: interlock run --json",
    ],
    [
      ["run", "--json", "--rig=containers"],
      "run needs no --rig, it is always in containers: interlock run --json",
    ],
  ])("an old name says the new one: %j", async (argv, message) => {
    const said = await place.interlock(...argv);
    expect(said).toEqual({ exitCode: 64, stdout: "", stderr: `interlock: ${message}` });
  });
});

describe("output", () => {
  test("to a reader that has seen enough ends quietly", async () => {
    const line = 'interlock cells --config "$CONFIG" | head -n 1; exit "${PIPESTATUS[0]}"';
    const { exitCode, stdout, stderr } = await shell(line);
    expect([exitCode, stdout.split("\n").length, stderr]).toEqual([0, 1, ""]);
  });

  test("to a reader that is gone before it begins ends quietly", async () => {
    const line = 'exec 3> >(exit); wait $!; interlock cells --config "$CONFIG" >&3';
    expect(await shell(line)).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });

  test.concurrent.each([
    ["--help"],
    ["run --help"],
    ['cells --config "$CONFIG" --json'],
    ['replay "$EXAMPLE" --config "$CONFIG" --json'],
    ['replay "$EXAMPLE" --config "$CONFIG"'],
  ])("that is lost is infrastructure: %s > /dev/full", async (argv) => {
    expect(await shell(`interlock ${argv} >/dev/full`)).toEqual({
      exitCode: 3,
      stdout: "",
      // A slow machine says what it is at before.
      stderr: expect.stringMatching(
        /^(?: *[\d.]+ s {2}.*\n)*interlock: standard output: expected .*ENOSPC.*\n {2}next: make room, or name another file behind `>`$/,
      ),
    });
  });

  test("is lost as well where there is room for a part only", async () => {
    // A limit on the size of files takes the first kilobyte, as a disk does that is nearly full.
    const line = `trap '' XFSZ; ulimit -f 1; interlock cells --config "$CONFIG" --json >part.json`;
    const { exitCode, stderr } = await shell(line);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining("interlock: standard output: expected")]);
  });

  test("keeps its exit code when nobody reads the error message", async () => {
    expect(await shell("exec 3> >(exit); wait $!; interlock walk 2>&3")).toMatchObject({ exitCode: 64 });
    expect(await shell("interlock check nowhere.jsonl 2>/dev/full")).toMatchObject({ exitCode: 64 });
  });
});

test("an exception that nobody caught is infrastructure, not the code 1 of a violation", async () => {
  const config = await place.put(
    "throws-later.config.ts",
    "setInterval(() => {}, 1_000);\nsetImmediate(() => { throw new Error('too late'); });\nawait new Promise(() => {});\n",
  );
  const { exitCode, stderr } = await place.interlock("cells", "--config", config);
  expect([exitCode, stderr]).toEqual([3, expect.stringContaining("a fault of Interlock itself: too late")]);
});

test("no words of a fault move the cursor or turn the direction", async () => {
  const config = await place.put("evil.config.ts", "throw new Error('\\x1b[2J\\u202e and\\nmore');\n");
  const later = await place.put(
    "evil-later.config.ts",
    "setImmediate(() => { throw new Error('\\x1b[2J\\u202e and\\nmore'); });\nawait new Promise(() => setInterval(() => {}, 1_000));\n",
  );
  for (const [file, code] of [
    [config, 64],
    [later, 3],
  ] as const) {
    const { exitCode, stderr } = await place.interlock("cells", "--config", file);
    expect([exitCode, stderr]).toEqual([code, expect.stringContaining("\\u{1b}[2J\\u{202e} and\nmore")]);
    expect(stderr).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  }
});

test.each([
  "process.exit(0);",
  "export default () => process.exit(0);",
  "export default () => process.exit(3);",
])("a config that ends the process, as by %s, is a wrong config", async (text) => {
  const config = await place.put("ends.config.ts", text);
  const { exitCode, stdout, stderr } = await place.interlock("cells", "--config", config);
  expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
  expect(stderr).toContain("before the command was done; see whether the config calls process.exit");
});

describe("cells", () => {
  const cells = async (...argv: string[]) => {
    const { exitCode, stdout } = await place.interlock("cells", "--config", config, ...argv);
    return { exitCode, lines: stdout.split("\n"), stdout };
  };

  test("are those of the current API release, each with what it promises", async () => {
    const { exitCode, lines } = await cells();
    expect(exitCode).toBe(0);
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) expect(line).toMatch(/^current\/v[56]-\S+\/\S+ {2,}\S/);
  });

  test("of another release are listed with --api, as JSON with --json", async () => {
    const { lines } = await cells("--api", "2015-08-24");
    const { stdout } = await cells("--api", "2015-08-24", "--json");
    const listed = JSON.parse(stdout);
    expect(listed).toEqual({
      api: "2015-08-24",
      cells: lines.map((line) => {
        const [, path, promise] = /^(\S+) +(.*)$/.exec(line) as RegExpExecArray;
        return { path, promise };
      }),
    });
    expect(lines.every((line) => line.startsWith("2015-08-24/"))).toBe(true);
  });
});
