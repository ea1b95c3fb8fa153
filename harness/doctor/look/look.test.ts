import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkConfig } from "../../config/check-config.ts";
import type { Config } from "../../config/config.ts";
import { writtenConfig } from "../../testing/config.ts";
import { lookAtFolder } from "./folder.ts";
import { connectTrouble, dependencies, listenTrouble, softLimit } from "./machine.ts";
import { lookAtFile, lookAtSystem } from "./system.ts";

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "interlock-doctor-"));
});
afterAll(() => rm(place, { recursive: true }));

describe("the machine", () => {
  test("limits are read as the kernel writes them", () => {
    const limits =
      "Limit  Soft Limit  Hard Limit  Units\nMax open files  1024  4096  files\nMax processes  unlimited  unlimited  processes";
    expect(softLimit("Max open files", limits)).toBe(1024);
    expect(softLimit("Max processes", limits)).toBe(Number.MAX_SAFE_INTEGER);
    expect(softLimit("Max pending signals", limits)).toBeNull();
    expect(softLimit("Max open files", null)).toBeNull();
  });

  test("packages are held against the manifest that Interlock came with", async () => {
    expect(dependencies().filter(({ wanted, there }) => wanted !== there)).toEqual([]);
    await writeFile(
      join(place, "package.json"),
      JSON.stringify({ dependencies: { zod: "1.0.0", "no-such-package-here": "1.0.0" } }),
    );
    await mkdir(join(place, "node_modules/zod"), { recursive: true });
    await writeFile(
      join(place, "node_modules/zod/package.json"),
      JSON.stringify({ name: "zod", version: "9.9.9" }),
    );
    expect(dependencies(place)).toEqual([
      { name: "zod", wanted: "1.0.0", there: "9.9.9" },
      { name: "no-such-package-here", wanted: "1.0.0", there: null },
    ]);
  });

  test("a port that is taken cannot be listened on, one that nobody listens on cannot be called", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    expect(await listenTrouble(port)).toContain("EADDRINUSE");
    expect(await connectTrouble("127.0.0.1", port)).toBeNull();
    await new Promise((resolve) => server.close(resolve));
    expect(await listenTrouble(port)).toBeNull();
    expect(await connectTrouble("127.0.0.1", port)).toContain("ECONNREFUSED");
  });
});

describe("the folder", () => {
  test("is looked at and left as it was", async () => {
    await mkdir(join(place, "a/runs/one"), { recursive: true });
    expect(await lookAtFolder(join(place, "a/runs"))).toMatchObject({ trouble: null, mode: 0o700, runs: 1 });
    expect(await readdir(join(place, "a"))).toEqual(["runs"]);
  });

  test("cannot be made where a file stands, and its disk is told all the same", async () => {
    await writeFile(join(place, "file"), "");
    const told = await lookAtFolder(join(place, "file/runs"));
    expect(told).toMatchObject({ trouble: expect.stringContaining("ENOTDIR"), mode: null, runs: 0 });
    expect(told.bytes).toBeGreaterThan(0);
  });
});

describe("the config", () => {
  test("is not there, or cannot be loaded", async () => {
    expect(await lookAtFile(join(place, "none.ts"))).toMatchObject({
      file: { isThere: false },
      config: null,
    });
    const file = join(place, "bad.config.mjs");
    await writeFile(file, "export default 3");
    expect(await lookAtFile(file)).toMatchObject({
      file: { isThere: true, problem: expect.stringContaining("its default export is not defineConfig") },
      config: null,
    });
  });

  const env = () => ({});
  const configOf = (more: Partial<Config>): Config => {
    const checked = checkConfig(writtenConfig());
    if (!checked.ok) throw new Error(checked.problems.join());
    return { ...checked.config, ...more };
  };
  test("names programs that are there, are not, or may not be run", async () => {
    const notRun = join(place, "not-run");
    await writeFile(notRun, "#!/bin/sh\n");
    await chmod(notRun, 0o644);
    const troubleOf = async (program: string) => {
      const config = configOf({ current: "a", api: { a: { command: [program, "x"], env } } });
      return (await lookAtSystem(config)).programs.find(({ component }) => component === "api a")?.trouble;
    };
    expect(await troubleOf("sh")).toBeNull();
    expect(await troubleOf(process.execPath)).toBeNull();
    expect(await troubleOf("no-such-program-here")).toBe("it is in no folder of PATH");
    expect(await troubleOf("./no/such")).toBe("there is no such file");
    expect(await troubleOf(notRun)).toBe("this user may not run it");
    expect(await troubleOf(place)).toBe("this user may not run it");
  });

  test("names URLs where nothing listens, without their accounts", async () => {
    const url = "http://me:secret@127.0.0.1:1/x";
    const { urls } = await lookAtSystem(configOf({ current: "a", api: { a: { url } } }));
    expect(urls).toContainEqual({
      component: "api a",
      url: "http://me:***@127.0.0.1:1/x",
      trouble: expect.stringContaining("ECONNREFUSED"),
    });
  });

  test("tells builds that cannot be loaded from none", async () => {
    const load = () => Promise.reject(new Error("no such module"));
    expect((await lookAtSystem(configOf({ inProcess: { images: [], load } }))).code).toBe("no such module");
    expect((await lookAtSystem(configOf({ inProcess: undefined }))).code).toBeUndefined();
  });

  test("names what the probe lacks and contract sets that are lost", async () => {
    const config = configOf({
      customers: {},
      workerTokens: undefined,
      contracts: { old: join(place, "old.json") },
    });
    expect(await lookAtSystem(config)).toMatchObject({
      withoutProbe: ["customers.cdh4", "customers.hdp2", "workerTokens"],
      lostContracts: [join(place, "old.json")],
    });
  });
});
