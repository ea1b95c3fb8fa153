import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPlace } from "../containers/place.ts";
import { accounts, type Bed, openBed } from "./bed.ts";

/** `interlock sessions --server`, from its first line to its end by Ctrl-C. */

let bed: Bed;
beforeAll(async () => {
  bed = await openBed();
});
afterAll(() => bed[Symbol.asyncDispose]());

const argvOf = (folder: string, ...more: string[]) => {
  const { user, password } = accounts.looks;
  const server = `mysql://${user}:${password}@${bed.server.host}:${bed.server.port}`;
  return ["sessions", "--server", server, "--pins", join(folder, "pins.json"), ...more];
};

async function placeWithPins() {
  const place = await openPlace();
  await mkdir(place.folder, { recursive: true });
  await writeFile(join(place.folder, "pins.json"), JSON.stringify({ pinned: { app: { tls: "off" } } }));
  return place;
}

test.each([
  ["as pinned", {}, 0, "PASS: 1 connections of 1 accounts, 0 findings"],
  [
    "otherwise",
    { ssl: { rejectUnauthorized: false } },
    1,
    "✕ app: tls is TLSv1.3, pinned off, on 1 of 1 connections: name the mode of TLS",
  ],
])("an application that connects %s by way of its port", async (_, options, exit, says) => {
  await using place = await placeWithPins();
  const watching = place.interlock(argvOf(place.folder));
  const [, host = "", port] = /^connect to (\S+):(\d+) in the place of/.exec(await watching.printed()) ?? [];
  const connection = await createConnection({ host, port: Number(port), ...accounts.app, ...options });
  await connection.query("SELECT 1");
  await connection.end();
  watching.kill("SIGINT");
  const { exitCode, stdout, stderr } = await watching.ended;
  expect(stdout).toContain(says);
  expect(exitCode).toBe(exit);
  expect(stdout + stderr).not.toContain(accounts.looks.password);
});

test("a port that is taken is named, and what to do", async () => {
  await using place = await placeWithPins();
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as { port: number };
  const { exitCode, stderr } = await place.interlock(argvOf(place.folder, "--listen", `${port}`)).ended;
  taken.close();
  expect(stderr).toContain(`sessions: expected port ${port} of 127.0.0.1 to be free, but listen EADDRINUSE`);
  expect(stderr).toContain("or name another with --listen");
  expect(exitCode).toBe(3);
});
