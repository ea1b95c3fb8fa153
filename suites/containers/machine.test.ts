import { resolve } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { configFile, expectNothingLeft, openPlace } from "./place.ts";

/** What the machine does not give to a run: exit 3, one message with the folder or the limit and what to do, nothing left. */

const shell = async (folder: string, line: string) => {
  const env = {
    NODE: process.execPath,
    CLI: resolve("harness/cli.ts"),
    CONFIG: configFile("troubled/odd-claims"),
    TEST_CLAIM: "404",
  };
  const script = `interlock() { "$NODE" "$CLI" "$@" --config "$CONFIG"; }; ${line}`;
  return await execa("bash", ["-c", script], { cwd: folder, env, reject: false });
};

test.each([
  ["run where a file stands in the place of its folder", ">.interlock; interlock run", /to be made/],
  [
    "run where the folder of runs is a file",
    "mkdir .interlock; >.interlock/runs; interlock run",
    /to be made/,
  ],
  ["run with too few open files", "ulimit -n 40; interlock run", /EMFILE.*\n.*ulimit -n 4096/],
])("a %s", async (_, line, says) => {
  await using place = await openPlace();
  const { exitCode, stdout, stderr } = await shell(place.folder, line);
  const [, message = ""] = stderr.split(/^interlock: /m);
  expect({ exitCode, stdout, message }).toEqual({
    exitCode: 3,
    stdout: "",
    message: expect.stringMatching(says),
  });
  expect(message).toMatch(/\n {2}next: ./);
  expect(stderr).not.toMatch(/\n\s+at |fault of Interlock/);
  if (!line.includes(">.interlock")) await expectNothingLeft(place);
});
