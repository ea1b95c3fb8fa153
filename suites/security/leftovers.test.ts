import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { bornAt, ownerLabels, ownerOf } from "../../harness/rigs/containers/docker/owner.ts";
import { Place } from "../trust/place.ts";
import { standInEngine } from "./stand-in-engine.ts";

/** What `interlock clean` takes for dead, and what it makes of notes that are none. */

const root = process.getuid?.() === 0;
/** A PID namespace of its own, in which this machine's processes have other numbers or none. */
const elsewhere = [
  "unshare",
  ...(root ? [] : ["--user", "--map-root-user"]),
  "--pid",
  "--fork",
  "--mount-proc",
];

async function clean(place: Place, host: string, flags: string[], before: string[] = []) {
  const argv = [...before, process.execPath, resolve("harness/cli.ts"), "clean", ...flags];
  const [program = "", ...rest] = argv;
  const { exitCode, stderr } = await execa(program, rest, {
    cwd: place.folder,
    env: { DOCKER_HOST: host },
    reject: false,
  });
  return { exitCode, stderr };
}

/** The labels of a run of a process that has ended. */
async function deadLabels() {
  const child = spawn("/bin/true");
  await once(child, "exit");
  return ownerLabels({ ...ownerOf("ended"), pid: child.pid as number });
}

describe("a container of a run", () => {
  test.each([
    ["that is alive, seen from its own PID namespace", () => ownerLabels(ownerOf("live")), [], []],
    ["that is alive, seen from another PID namespace", () => ownerLabels(ownerOf("live")), elsewhere, []],
    ["that has ended", deadLabels, [], ["/containers/abc"]],
    [
      "on another machine of the same name",
      async () => ({ ...(await deadLabels()), "interlock.boot": "other", "interlock.machine": "other" }),
      [],
      [],
    ],
  ] as const)("%s", async (_, labels, before, removals) => {
    await using place = await Place.open();
    await using engine = await standInEngine(place.path("docker.sock"), await labels());
    expect(await clean(place, engine.host, [], [...before])).toEqual({ exitCode: 0, stderr: "" });
    expect(engine.removals).toEqual(removals);
  });
});

const own = ownerOf("run-1");
// Born at another time than any process: whoever forgets to check a pid must not end this machine's processes.
const ofPid = (pid: unknown) => JSON.stringify({ pid, born: "0", owner: own });

const noNotes: Readonly<Record<string, string>> = {
  null: "null",
  empty: "{}",
  ownerless: JSON.stringify({ pid: 2 ** 30, born: "1" }),
  "other-owner": JSON.stringify({ pid: 2 ** 30, born: "1", owner: [] }),
  "every-process": ofPid(1),
  "own-group": ofPid(0),
  group: ofPid(-1),
  "text-pid": ofPid("1; rm"),
  "broken-pid": ofPid(1.5),
  half: '{"pid": 12',
  deep: "[".repeat(50_000),
  nothing: "",
  bytes: "\0\uFEFF{}",
};

test("what is no process note keeps no run from being cleaned, and is left alone", async () => {
  await using place = await Place.open();
  await using engine = await standInEngine(place.path("docker.sock"), null);
  const notes = ".interlock/runs/run-1/processes";
  await mkdir(place.path(notes), { recursive: true });
  for (const [name, text] of Object.entries(noNotes)) await place.put(join(notes, name), text);
  await mkdir(place.path(join(notes, "folder")));
  await symlink("/dev/zero", place.path(join(notes, "endless")));
  await execa("mkfifo", [place.path(join(notes, "pipe"))]);
  const junk = await readdir(place.path(notes));

  const child = spawn("/bin/sleep", ["60"], { detached: true, stdio: "ignore" });
  const ended = once(child, "exit");
  const pid = child.pid as number;
  // Its name makes it the last one to be read.
  await place.put(join(notes, "worker.json"), { pid, born: bornAt(pid), owner: own });
  for (const flags of [[], ["--all"]])
    expect(await clean(place, engine.host, flags)).toEqual({ exitCode: 0, stderr: "" });
  expect(await ended).toEqual([null, "SIGKILL"]);
  expect(await readdir(place.path(notes))).toEqual(junk);
});
