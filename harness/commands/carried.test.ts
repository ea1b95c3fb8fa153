import { afterEach, describe, expect, test } from "vitest";
import { carriedOptions, carry } from "../carried.ts";
import { commandTo } from "../installation.ts";
import { commands } from "./index.ts";
import { commandLine } from "./program.ts";
import { reports } from "./shared/options.ts";

/** What a command prints does the same as the command that printed it: with its config, rig, database and so on. */

afterEach(() => carry({}, () => false));

/** Gives options to a command whose own work is left out. */
async function given(...argv: string[]): Promise<void> {
  const spec = commands[argv[0] ?? ""] as { load: unknown };
  const { load } = spec;
  spec.load = async () => ({ action: async () => {} });
  try {
    await commandLine(() => {}).parseAsync(argv, { from: "user" });
  } finally {
    spec.load = load;
  }
}

const printed: [said: string, given: string[], line: [string, ...string[]], expected: string][] = [
  [
    "a config",
    ["explore", "--config", "my own.ts"],
    ["replay", "f"],
    "interlock replay f --config 'my own.ts'",
  ],
  [
    "the config that is there without it",
    ["explore", "--config", "interlock.config.ts"],
    ["replay", "f"],
    "interlock replay f",
  ],
  ["nothing", ["explore"], ["replay", "f"], "interlock replay f"],
  ["a rig", ["explore", "--rig", "wire"], ["replay", "f"], "interlock replay f --rig wire"],
  [
    "another rig than it names",
    ["explore", "--rig", "wire"],
    ["replay", "f", "--rig", "containers"],
    "interlock replay f --rig containers",
  ],
  ["a rig that a command has not", ["mutants", "--rig", "containers"], ["check", "f"], "interlock check f"],
  [
    "a database",
    ["merge", "d", "--database", "mariadb-10.11"],
    ["run", "--shard", "1/2"],
    "compat --shard 1/2 --database mariadb-10.11",
  ],
  [
    "a database that a rig has not",
    ["gate", "--database", "m", "--deployed", "d", "--candidate", "c"],
    ["replay", "f"],
    "interlock replay f",
  ],
  [
    "a database, on containers",
    ["gate", "--database", "m", "--deployed", "d", "--candidate", "c"],
    ["replay", "f", "--rig", "containers"],
    "interlock replay f --rig containers --database m",
  ],
  [
    "times",
    ["merge", "d", "--durations", "r.json"],
    ["run", "--shard", "1/2"],
    "compat --shard 1/2 --durations r.json",
  ],
  ["times that no shard needs", ["run", "--durations", "r.json"], ["run", "--cell", "x"], "compat --cell x"],
  ["the probe", ["run", "--probe"], ["run", "--cell", "x"], "compat --cell x --probe"],
  ["a release of the API", ["run", "--api", "next"], ["cells"], "interlock cells --api next"],
  ["one that a file names", ["explore", "--api", "next"], ["replay", "f"], "interlock replay f"],
  [
    "all at once",
    ["plan", "--shards", "2", "--config", "c.ts", "--database", "m", "--durations", "r"],
    ["run", "--shard", "1/2"],
    "compat --shard 1/2 --database m --durations r --config c.ts",
  ],
];
test.each(printed)("%s", async (_, argv, line, expected) => {
  await given(...argv);
  expect(commandTo(...line)).toBe(`script/${expected}`);
});

test("a command carries nothing of the one before it", async () => {
  await given("explore", "--config", "a.ts");
  await given("explore");
  expect(commandTo("replay", "f")).toBe("script/interlock replay f");
});

/** What several commands have and no command hands on to what it prints, and why. */
const own: Readonly<Record<string, string>> = {
  "--worker": "a printed command names the releases that it is about",
  "--cell": "it names the cell that it is about",
  "--grep": "so",
  "--sign": "the gate alone asks for evidence that is signed, and says so",
  "--attempt": "what is run again by hand is the first attempt at it",
  "--seed": "a schedule's file has it",
  "--random": "a schedule that was found has a file",
  "--save": "it is not done twice",
  "--out": "so",
  "--finished": "the gate names the load that its policy asks for",
  "--server": "no command is printed that asks a server",
  "--deployed": "the gate and `holds` print no command of their own kind",
  "--candidate": "so",
};

describe("each option that several commands have", () => {
  const owners = new Map<string, string[]>();
  for (const [name, { options }] of Object.entries(commands))
    for (const flags of Object.keys(options)) {
      const option = flags.split(" ", 1)[0] as string;
      if (!(flags in reports)) owners.set(option, [...(owners.get(option) ?? []), name]);
    }
  const shared = [...owners].filter(([, names]) => names.length > 1).map(([option]) => option);

  test.each(shared)("%s is carried, or it is said why not", (option) => {
    expect([carriedOptions.includes(option), option in own]).toContain(true);
    expect([carriedOptions.includes(option), option in own]).toContain(false);
  });

  test("and no other is listed", () => {
    expect(Object.keys(own).filter((option) => !shared.includes(option))).toEqual([]);
    expect(carriedOptions.filter((option) => !owners.has(option))).toEqual([]);
  });
});
