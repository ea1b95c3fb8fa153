import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { namedEngine, rightProblem } from "./named-engine.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "interlock-docker-"));
  onTestFinished(() => rm(folder, { recursive: true }));
});

const place = (name: string) => createHash("sha256").update(name).digest("hex");

async function context(name: string, host: string, { tls = false } = {}) {
  const meta = join(folder, "contexts/meta", place(name));
  await mkdir(meta, { recursive: true });
  await writeFile(
    join(meta, "meta.json"),
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  );
  if (tls) await mkdir(join(folder, "contexts/tls", place(name)), { recursive: true });
}
const use = (name: string) =>
  writeFile(join(folder, "config.json"), JSON.stringify({ auths: {}, currentContext: name }));
const named = (env: Record<string, string> = {}) => namedEngine({ DOCKER_CONFIG: folder, ...env });

test("nobody names an engine", async () => {
  expect(await named()).toBeNull();
  await use("default");
  expect(await named()).toBeNull();
  await writeFile(join(folder, "config.json"), "no JSON");
  expect(await named({ DOCKER_HOST: "", DOCKER_CONTEXT: "" })).toBeNull();
});

test("DOCKER_HOST comes before DOCKER_CONTEXT, and that before what `docker context use` chose", async () => {
  await context("mine", "unix:///run/mine.sock");
  await context("far", "tcp://10.0.0.7:2375");
  await use("mine");
  expect(await named()).toEqual({ host: "unix:///run/mine.sock", by: "the Docker context mine" });
  const far = { DOCKER_CONTEXT: "far" };
  expect(await named(far)).toEqual({ host: "tcp://10.0.0.7:2375", by: "the Docker context far" });
  expect(await named({ DOCKER_CONTEXT: "default" })).toBeNull();
  const host = "unix:///run/other.sock";
  expect(await named({ ...far, DOCKER_HOST: host })).toEqual({ host, by: `DOCKER_HOST=${host}` });
});

test.each<[string, () => Promise<void>, string]>([
  ["is not there", async () => {}, "it cannot be read: ENOENT"],
  ["goes by ssh", () => context("odd", "ssh://root@far"), 'it leads to "ssh://\\*{3}@far"'],
  [
    "needs keys",
    () => context("odd", "tcp://far:2376", { tls: true }),
    'it leads to "tcp://far:2376" with TLS',
  ],
])("a context that %s is named, and no other engine is taken in its place", async (_, make, happened) => {
  await make();
  await expect(named({ DOCKER_CONTEXT: "odd" })).rejects.toThrow(
    new RegExp(`^Docker context odd: expected .*, but ${happened}.*\n  next: .docker context ls`),
  );
});

const refusing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

test("a socket that this user may not use is named with the right", async () => {
  expect(await rightProblem(folder, refusing("EACCES"))).toMatch(
    new RegExp(
      `^\\S+ \\(\\d+\\) has no right to read and write the socket ${folder}, which belongs to user \\d+ and group \\d+$`,
    ),
  );
  expect(await rightProblem(folder, refusing("ENOENT"))).toBeNull();
  expect(await rightProblem(folder)).toBeNull();
});
