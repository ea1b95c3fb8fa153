import { chmod, readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { ScratchCheckout } from "../trust/scratch-checkout.ts";

/** What the set-up brings to a machine, and what others on that machine can do to it. */

/** The file that a set-up takes its lock on. */
async function lockOf(checkout: ScratchCheckout): Promise<string> {
  const { stdout: readlink } = await execa("bash", ["-c", "type -P readlink"]);
  await checkout.write(
    "bin/flock",
    `#!/bin/bash\n'${readlink}' /proc/$$/fd/9 >'${checkout.path("lock-taken")}'\n`,
  );
  await chmod(checkout.path("bin/flock"), 0o755);
  expect(await checkout.run("script/setup")).toMatchObject({ exitCode: 0 });
  return (await readFile(checkout.path("lock-taken"), "utf8")).trim();
}

describe("the lock of the set-up", () => {
  test.each([
    ["with a home", (checkout: ScratchCheckout) => checkout.folder],
    ["without a home that could be written", () => "/proc/none"],
    ["without a home", () => ""],
  ])("lies where nobody else can hold it: %s", async (_, home) => {
    await using checkout = await ScratchCheckout.open();
    checkout.home = home(checkout);
    const lock = await lockOf(checkout);
    const { uid, mode } = await stat(dirname(lock));
    expect({ lock, uid, others: mode & 0o022 }).toEqual({ lock, uid: process.getuid?.(), others: 0 });
    expect(lock.startsWith(checkout.folder)).toBe(true);
  });
});

describe("what is brought", () => {
  test("is one version of pnpm, by its digests", async () => {
    await using checkout = await ScratchCheckout.open();
    const { calls } = await checkout.run("script/setup");
    expect(calls.filter((call) => /^npx |@\d+ |@latest/.test(call))).toEqual([]);
    const lock = JSON.parse(await readFile("script/lib/pnpm/package-lock.json", "utf8"));
    const { "": own, ...packages } = lock.packages as Record<string, Record<string, unknown>>;
    expect(own?.["dependencies"]).toEqual({ pnpm: packages["node_modules/pnpm"]?.["version"] });
    for (const [name, { version, integrity, resolved }] of Object.entries(packages))
      expect({ name, version, integrity, resolved }).toEqual({
        name,
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        integrity: expect.stringMatching(/^sha512-/),
        resolved: undefined,
      });
  });

  test("holds none of the packages that npm td lists and nobody keeps or needs", async () => {
    const locked = await readFile(resolve("pnpm-lock.yaml"), "utf8");
    const names = [...locked.matchAll(/^ {2}'?(@?[^@\s']+)@\d/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(200);
    const unkept = ["request", "har-validator", "nock", "jsdoc", "core-js"];
    expect(names.filter((name) => unkept.includes(name as string))).toEqual([]);
  });

  test("is no package of npm at a range", async () => {
    for (const file of ["package.json", "fixtures/package.json", "script/lib/pnpm/package.json"]) {
      const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
        await readFile(file, "utf8"),
      );
      const all = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
      expect(all.filter(([, version]) => !/^(npm:[a-z0-9-]+@)?\d+\.\d+\.\d+$/.test(String(version)))).toEqual(
        [],
      );
    }
  });
});
