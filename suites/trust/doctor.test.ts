import { resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { here, ownerLabels } from "../../harness/rigs/containers/docker/owner.ts";
import { standInEngine } from "../security/stand-in-engine.ts";
import { Place } from "./place.ts";

/** `interlock doctor` on machines of all kinds: what it finds, and its exit code. */

let place: Place;
beforeAll(async () => {
  place = await Place.open();
});
afterAll(() => place[Symbol.asyncDispose]());

async function doctor(env: Record<string, string>, ...flags: string[]) {
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [resolve("harness/cli.ts"), "doctor", "--json", ...flags],
    { cwd: place.folder, reject: false, stdin: "ignore", env },
  );
  const told = stdout === "" ? null : JSON.parse(stdout);
  const checks: { name: string; health: string; found: string; next: string }[] =
    told === null ? [] : Object.values(told.checks as Record<string, []>).flat();
  const of = (name: string) => checks.find((one) => one.name === name);
  return { exitCode, stderr, health: told?.health as string, of };
}

const nobody = { DOCKER_HOST: "unix:///nowhere/docker.sock" };

test("without an engine and a config: exit 3, and what to do about each", async () => {
  const { exitCode, stderr, health, of } = await doctor(nobody);
  expect([exitCode, stderr, health]).toEqual([3, "", "fail"]);
  expect(of("engine-socket")).toMatchObject({ health: "fail", found: "/nowhere/docker.sock is not there" });
  expect(of("engine")).toMatchObject({ health: "fail", next: expect.stringContaining("docker version") });
  expect(of("config")).toMatchObject({ health: "fail", next: expect.stringContaining("init") });
  // What could not be looked at is not told as good.
  expect(of("images")?.health).toBe("unknown");
  expect(of("writable")?.health).toBe("ok");
});

test("an adapter is not started while anything else is in the way, and says nothing", async () => {
  const { exitCode, stderr, of } = await doctor(nobody, "--adapter");
  expect([exitCode, stderr]).toEqual([3, ""]);
  expect(of("api-starts")).toMatchObject({ health: "unknown", found: expect.stringContaining("in the way") });
  expect(of("job-status")?.health).toBe("unknown");
});

test("a release is asked for with --adapter alone: exit 64", async () => {
  expect(await doctor(nobody, "--api", "next")).toMatchObject({
    exitCode: 64,
    stderr: "interlock: --api next: without --adapter nothing is started",
  });
});

test("a config that is named and is not there is bad usage: exit 64", async () => {
  expect(await doctor(nobody, "--config", "nowhere.ts")).toMatchObject({
    exitCode: 64,
    stderr: "interlock: nowhere.ts: no such config; run where it lies, or name it with --config",
  });
});

test("a config with faults is told with its places: exit 3", async () => {
  await place.put("bad.config.mjs", "export default () => ({ api: {} })");
  const { exitCode, of } = await doctor(nobody, "--config", "bad.config.mjs");
  expect([exitCode, of("config-loads")?.found]).toEqual([
    3,
    expect.stringContaining("\n  mysql: Invalid input"),
  ]);
});

const oldEngine = {
  "/version": { Version: "18.09", ApiVersion: "1.39", Os: "windows", Arch: "arm64" },
  "/info": { NCPU: 1, MemTotal: 2 ** 29, SystemTime: "2020-01-01T00:00:00Z", DockerRootDir: "/nowhere" },
  "/networks": [{ Driver: "bridge", IPAM: { Config: [{ Gateway: "192.0.2.1" }] } }],
};

test("an engine that will not do is told with all that is wrong about it: exit 3", async () => {
  const gone = { run: "2026-01-01-000000-dead", pid: 2 ** 30, born: "1", place: here };
  await using engine = await standInEngine(place.path("old.sock"), ownerLabels(gone), oldEngine);
  const { exitCode, of } = await doctor({ DOCKER_HOST: engine.host });
  expect(exitCode).toBe(3);
  const health = (...names: string[]) => names.map((name) => [name, of(name)?.health]);
  expect(health("engine", "engine-version", "engine-kind", "engine-clock", "engine-memory")).toEqual([
    ["engine", "ok"],
    ["engine-version", "fail"],
    ["engine-kind", "fail"],
    ["engine-clock", "fail"],
    ["engine-memory", "fail"],
  ]);
  expect(health("engine-here", "engine-cores", "leftovers", "engine-disk")).toEqual([
    ["engine-here", "warn"],
    ["engine-cores", "warn"],
    ["leftovers", "warn"],
    ["engine-disk", "unknown"],
  ]);
  // It only looks.
  expect(engine.removals).toEqual([]);
});

test("nothing in the way: exit 0, also with warnings", async () => {
  const at = new Date(performance.timeOrigin + performance.now()).toISOString();
  const good = {
    "/version": { Version: "28.0.1", ApiVersion: "1.48", Os: "linux", Arch: "amd64" },
    "/info": { NCPU: 2, MemTotal: 2 ** 33, SystemTime: at },
  };
  await using engine = await standInEngine(place.path("good.sock"), null, good);
  const { exitCode, health, of } = await doctor(
    { DOCKER_HOST: engine.host },
    "--config",
    resolve("interlock.config.ts"),
  );
  expect([exitCode, health]).toEqual([0, "warn"]);
  expect(of("config-loads")?.health).toBe("ok");
  expect(of("contract-sets")).toMatchObject({
    health: "warn",
    found: expect.stringContaining("2026-05.json"),
  });
});
