import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, realpath, symlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import type { Place } from "../trust/place.ts";

/** The package as it is where somebody has installed it. */
export interface Installed {
  tarball: string;
  folder: string;
  manifest: Record<string, Record<string, string> | undefined>;
}

/**
 * Makes the package and unpacks it where npm would put it. The packages that it needs are links to those of the checkout,
 * since their download takes most of a minute; that the versions are those that it asks for is a check of `doctor`.
 */
export async function installIn(place: Place): Promise<Installed> {
  const { stdout } = await execa(resolve("script/pack"), [place.path("packed")]);
  const tarball = stdout.trim();
  const modules = place.path("node_modules");
  const folder = join(modules, "interlock");
  await mkdir(folder, { recursive: true });
  await execa("tar", ["xzf", tarball, "--strip-components=1", "-C", folder]);
  const manifest: Installed["manifest"] = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  for (const name of Object.keys(manifest["dependencies"] ?? {})) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(await inCheckout(name), join(modules, name));
  }
  return { tarball, folder, manifest };
}

/** Where the checkout has a package: its own, or one that npm td runs on, which lies beside td, some by another name. */
async function inCheckout(name: string): Promise<string> {
  const besideTd = join(await realpath("node_modules/td"), "..");
  const all = [
    ...(await readdir(besideTd)).map((alias) => join(besideTd, alias)),
    resolve("node_modules", name),
  ];
  for (const folder of all) {
    const file = join(folder, "package.json");
    if (existsSync(file) && JSON.parse(await readFile(file, "utf8")).name === name) return realpath(folder);
  }
  throw new Error(`expected ${name} in this checkout`);
}
