import { mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { expect, test } from "vitest";
import { Place } from "./place.ts";

/** `interlock init` writes what is not there, and nothing else. What it writes is tried by suites/package. */

test("in a folder without a config it writes one, and says that Interlock is not installed there", async () => {
  await using place = await Place.open();
  const { exitCode, stdout, stderr } = await place.interlock("init");
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^wrote interlock\.config\.mts and .*\nnext:\n {2}1\. install Interlock here/);
  expect((await readdir(place.folder)).toSorted()).toEqual([".interlock", "interlock.config.mts"]);
  const written = await readFile(place.path("interlock.config.mts"), "utf8");
  expect(written).toBe(await readFile("docs/interlock.config.mts", "utf8"));
});

test("the .gitignore of a folder that is in use is left as it is", async () => {
  await using place = await Place.open();
  await mkdir(place.path(".interlock"));
  await place.put(".interlock/.gitignore", "runs\n");
  expect((await place.interlock("init")).exitCode).toBe(0);
  expect(await readFile(place.path(".interlock/.gitignore"), "utf8")).toBe("runs\n");
});

test.each(["ts", "mjs"])("a config *.%s is left as it is: exit 64", async (extension) => {
  await using place = await Place.open();
  const name = await place.put(`interlock.config.${extension}`, "mine");
  expect(await place.interlock("init")).toEqual({
    exitCode: 64,
    stdout: "",
    stderr: expect.stringMatching(
      new RegExp(`^interlock: ${name} is there already, and nothing was written: .*doctor`),
    ),
  });
  expect(await readdir(place.folder)).toEqual([name]);
  expect(await readFile(place.path(name), "utf8")).toBe("mine");
});

test("nothing is written through a link that leads nowhere: exit 64", async () => {
  await using place = await Place.open();
  await symlink(place.path("elsewhere.mts"), place.path("interlock.config.mts"));
  expect((await place.interlock("init")).exitCode).toBe(64);
  expect(await readdir(place.folder)).toEqual(["interlock.config.mts"]);
});

test("where a file stands in the place of .interlock: exit 3, and what to do", async () => {
  await using place = await Place.open();
  await place.put(".interlock", "");
  const { exitCode, stderr } = await place.interlock("init");
  expect([exitCode, stderr]).toEqual([3, expect.stringContaining("a file stands where a folder must be")]);
  expect(await readdir(place.folder)).toEqual([".interlock"]);
});
