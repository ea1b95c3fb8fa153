import { describe, expect, test } from "vitest";
import { ScratchCheckout } from "../trust/scratch-checkout.ts";

/** The set-up of a checkout: what makes it run, what keeps it from running, and how it fails. */

const listing = /^docker image ls /;
const getPnpm = expect.stringMatching(/^npm install --prefix \S+ --no-save /);
const install = expect.stringMatching(/^pnpm install --frozen-lockfile/);
const imagesBuilt = "node fixtures/images/build.ts";

/** A checkout on which everything was set up. */
async function ready(): Promise<ScratchCheckout> {
  const checkout = await ScratchCheckout.open();
  const first = await checkout.run("script/setup", "--require-docker");
  expect(first).toMatchObject({ exitCode: 0, calls: expect.arrayContaining([install, imagesBuilt]) });
  return checkout;
}

describe.concurrent("when all is set up", () => {
  test("one look at the engine's images is all that is done, and nothing is said", async () => {
    await using checkout = await ready();
    for (const flag of [[], ["--require-docker"]]) {
      const { calls, ...said } = await checkout.run("script/setup", ...flag);
      expect(said).toEqual({ exitCode: 0, stdout: "", stderr: "" });
      expect(calls).toEqual([expect.stringMatching(listing)]);
    }
  });

  test("a command that needs no container starts at once", async () => {
    await using checkout = await ready();
    const { calls } = await checkout.run("script/interlock", "explore", "--seed", "3");
    expect(calls).toEqual([expect.stringMatching(/^node \/.*harness\/cli\.ts explore --seed 3$/)]);
  });

  test.each([
    ["script/interlock", "run", "--json"],
    ["script/interlock", "replay", "a.json", "--rig", "containers"],
    ["script/interlock", "explore", "--rig=containers"],
    ["script/compat", "--json"],
  ] as const)("one that needs containers looks at the images first: %s %s", async (script, ...argv) => {
    await using checkout = await ready();
    const { calls } = await checkout.run(script, ...argv);
    expect(calls).toEqual([
      expect.stringMatching(listing),
      expect.stringMatching(/^node \S*harness\/cli\.ts (run|replay|explore) /),
    ]);
  });
});

describe.concurrent("what has changed is set up again", () => {
  const changes: [what: string, change: (checkout: ScratchCheckout) => Promise<void>, calls: unknown[]][] = [
    ["the lock file", (c) => c.write("pnpm-lock.yaml", "lockfileVersion: 10\n"), [install, imagesBuilt]],
    ["no node_modules", (c) => c.remove("node_modules/.modules.yaml"), [install]],
    ["no packages of the fixtures", (c) => c.remove("fixtures/node_modules"), [install]],
    ["a source of the images", (c) => c.write("fixtures/api/main.ts", "export { };\n"), [imagesBuilt]],
    ["a source that is new", (c) => c.write("contracts/new.ts", "export {};\n"), [imagesBuilt]],
    ["a source that is gone", (c) => c.remove("contracts/job.ts"), [imagesBuilt]],
    ["another image", (c) => c.write("images", "interlock/api:current sha256:2\n"), [imagesBuilt]],
    ["an image that is gone", (c) => c.write("images", ""), [imagesBuilt]],
    ["a script of the set-up", (c) => c.write("script/lib/rootfs", "#!/bin/bash\n"), [imagesBuilt]],
  ];
  test.each(changes)("%s", async (_, change, expected) => {
    await using checkout = await ready();
    await change(checkout);
    expect(await checkout.run("script/setup")).toMatchObject({
      exitCode: 0,
      calls: expect.arrayContaining(expected),
    });
    expect((await checkout.run("script/setup")).calls).toEqual([expect.stringMatching(listing)]);
  });

  test("a source of the images is nothing to a command that needs no container", async () => {
    await using checkout = await ready();
    await checkout.write("fixtures/api/main.ts", "export { };\n");
    const { calls } = await checkout.run("script/interlock", "--help");
    expect(calls).toEqual([expect.stringMatching(/^node .* --help$/)]);
  });

  test("packages that are gone come back before such a command", async () => {
    await using checkout = await ready();
    await checkout.remove("node_modules");
    const { exitCode, calls } = await checkout.run("script/interlock", "--help");
    expect(exitCode).toBe(0);
    expect(calls).toEqual([
      expect.stringMatching(/^flock /),
      getPnpm,
      install,
      "node --version",
      expect.stringMatching(/^node .* --help$/),
    ]);
  });
});

describe.concurrent("a set-up that fails ends with 3, whoever called it", () => {
  const entryPoints = ["script/setup", "script/interlock", "script/compat", "script/test", "script/bench"];
  const expectFailure = async (checkout: ScratchCheckout, script: string, message: string | RegExp) => {
    const { exitCode, stdout, stderr } = await checkout.run(script);
    expect(exitCode).toBe(3);
    expect(stdout + stderr).toMatch(message);
  };

  test.each(entryPoints)("without npm: %s", async (script) => {
    await using checkout = await ScratchCheckout.open();
    await checkout.remove("bin/npm");
    await expectFailure(checkout, script, /npm not found; install Node/);
  });

  test.each(entryPoints)("because a package cannot be had: %s", async (script) => {
    await using checkout = await ScratchCheckout.open();
    await checkout.write("offline", "");
    await expectFailure(
      checkout,
      script,
      /no registry answers\n.*Next: read \.interlock\/setup\/packages\.log/s,
    );
  });

  test.each(entryPoints)("because the checkout cannot be written: %s", async (script) => {
    await using checkout = await ScratchCheckout.open();
    // A file in the folder's stead, because root may write to any folder.
    await checkout.write(".interlock", "");
    await expectFailure(checkout, script, /setup: \S+\.interlock\/setup cannot be written by/);
  });

  test.each(["script/compat", "script/test"])("without a Docker engine: %s", async (script) => {
    await using checkout = await ready();
    await checkout.write("engine-down", "");
    await expectFailure(checkout, script, /containers: missing \(the Docker engine of DOCKER_HOST=/);
  });

  test("and no engine is started beside that of the Docker context", async () => {
    await using checkout = await ready();
    checkout.dockerHost = "";
    await checkout.write("context", "mine\n");
    await checkout.write("engine-down", "");
    await expectFailure(checkout, "script/compat", /the Docker engine of the context mine does not answer/);
  });

  test("an engine that is down is not in the way of what needs none", async () => {
    await using checkout = await ready();
    await checkout.write("engine-down", "");
    const plain = await checkout.run("script/interlock", "cells");
    expect([plain.exitCode, plain.stderr]).toEqual([0, ""]);
    const run = await checkout.run("script/interlock", "run");
    expect([run.exitCode, run.stderr]).toEqual([0, expect.stringContaining("containers: missing (")]);
  });

  test("an unknown argument is a usage error: 64", async () => {
    await using checkout = await ScratchCheckout.open();
    expect(await checkout.run("script/setup", "--fast")).toMatchObject({ exitCode: 64, calls: [] });
  });
});
