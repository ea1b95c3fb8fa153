import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deployed } from "../../harness/gate/testing/question.ts";

/** What `interlock claiming` refuses before a database has answered. */

const root = resolve(import.meta.dirname, "../..");
const password = "of-nobody";
const nowhere = `mysql://reader:${password}@127.0.0.1:1`;

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "interlock-claiming-"));
  await writeFile(join(place, "live.json"), JSON.stringify(deployed));
  await writeFile(join(place, "cut.json"), JSON.stringify(deployed).slice(0, -10));
  const usual = JSON.stringify(join(root, "interlock.config.ts"));
  await writeFile(
    join(place, "untold.config.ts"),
    `import usual from ${usual};
export default (context) => {
  const { mysql: { claiming, ...mysql }, ...rest } = usual(context);
  return { ...rest, mysql };
};
`,
  );
});
afterAll(() => rm(place, { recursive: true }));

test.each([
  [
    "a server that is not there",
    3,
    "live.json",
    ["--server", nowhere],
    "MySQL at 127.0.0.1:1: expected the account reader to log in",
  ],
  [
    "a URL that is none",
    64,
    "live.json",
    ["--server", "live-host"],
    "claiming: --server is no mysql://user:",
  ],
  ["no server", 64, "live.json", [], "--server"],
  ["a list that is cut", 64, "cut.json", ["--server", nowhere], "cut.json: expected JSON"],
  ["a list that is not there", 64, "none.json", ["--server", nowhere], "none.json: cannot be read"],
  [
    "a config without a statement",
    64,
    "live.json",
    ["--server", nowhere, "--config", "untold.config.ts"],
    "untold.config.ts: mysql.claiming is missing: give it the SQL",
  ],
])("%s: %i, one message and no list", async (_, exit, file, flags, said) => {
  const argv = [
    "claiming",
    join(place, file),
    ...flags.map((one) => (one.endsWith(".ts") ? join(place, one) : one)),
  ];
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [join(root, "harness/cli.ts"), ...argv],
    {
      cwd: root,
      reject: false,
      stdin: "ignore",
    },
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: exit, stdout: "" });
  expect(stderr).toContain(said);
  expect(stderr).not.toContain(password);
  expect(stderr.match(/^(interlock|error): /gm)).toHaveLength(1);
});
