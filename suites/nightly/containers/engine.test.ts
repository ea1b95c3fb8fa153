import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { inEngine } from "../../containers/leftovers.ts";
import { configFile, expectNothingLeft, openPlace, type Place } from "../../containers/place.ts";
import { expectTrouble } from "../../containers/trouble.ts";

/** A Docker engine that is not there, does not answer, or goes away in mid-run. */
const run = (config: string) => ["run", "--config", configFile(config)];
const standard = process.env["DOCKER_HOST"]?.replace("unix://", "") ?? "/var/run/docker.sock";

/** A socket in the place, served by `serve`; every connection is cut when it is closed. */
async function socketIn({ folder }: Place, serve: (caller: Socket) => void) {
  const path = join(folder, "docker.sock");
  const open = new Set<Socket>();
  const server: Server = createServer((caller) => {
    open.add(caller);
    caller.on("error", () => {});
    serve(caller);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of open) socket.destroy();
    });
  return { host: `unix://${path}`, close, [Symbol.asyncDispose]: close };
}

/** Passes on what is said to the engine and back, but for requests that it refuses. */
function passOn(caller: Socket, refuses = /^$/): void {
  const engine = connect(standard);
  engine.on("error", () => caller.destroy());
  caller.on("close", () => engine.destroy());
  caller.on("data", (chunk: Buffer) => {
    if (refuses.test(chunk.toString("latin1", 0, 100)))
      caller.write("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\n\r\n{}");
    else engine.write(chunk);
  });
  engine.pipe(caller);
}

describe.concurrent("a Docker engine that never answers", () => {
  test("because it is down is named with its address, and no other engine is taken in its place", async () => {
    await using place = await openPlace();
    const host = `unix://${place.folder}/nobody.sock`;
    for (const argv of [run("endless/endless"), ["clean"]]) {
      expectTrouble(await place.interlock(argv, { DOCKER_HOST: host }).ended, {
        component: "Docker engine",
        expected: `an engine that answers at DOCKER_HOST=${host}`,
        happened: "that one does not answer",
        next: "`docker version`",
        within: 20_000,
      });
    }
    expect(await place.runs()).toEqual([]);
  });

  test("because it is silent is given up after ten seconds", async () => {
    await using place = await openPlace();
    await using silent = await socketIn(place, () => {});
    expectTrouble(await place.interlock(run("endless/endless"), { DOCKER_HOST: silent.host }).ended, {
      component: "Docker engine",
      expected: `an engine that answers at DOCKER_HOST=${silent.host}`,
      happened: "none answered within 10 s",
      next: "`docker version`",
      within: 20_000,
    });
    expect(await place.runs()).toEqual([]);
  });
});

describe("a Docker engine", () => {
  test("that is asked for no image, and goes away in mid-run, ends the run, and what it holds is swept when it is back", async () => {
    await using place = await openPlace();
    const asked: string[] = [];
    const relay = await socketIn(place, (caller) => {
      caller.on("data", (chunk: Buffer) =>
        asked.push(chunk.toString("latin1").split(" HTTP/1.1")[0] as string),
      );
      passOn(caller);
    });
    const interlock = place.interlock(run("endless/contained"), { DOCKER_HOST: relay.host });
    await interlock.said("issuing the jobs");
    await relay.close();
    expect(asked).toContain("GET /info");
    expect(asked).not.toContainEqual(expect.stringContaining("/images/create"));
    expectTrouble(await interlock.ended, {
      component: "destination-web",
      expected: "it to stay up until the end of the run",
      happened: /^the Docker engine no longer answers.*; nor could what was started be removed: ./,
      log: "listening on 8080",
      next: "`script/interlock clean` removes what is left",
      within: 20_000,
    });
    const [id = ""] = await place.runs();
    expect(await place.processes()).toEqual([]);
    expect(await inEngine(id)).toEqual(["container destination-web", `network interlock-${id}`]);
    expect(await place.interlock(["clean"]).ended).toMatchObject({ exitCode: 0, stderr: "" });
    await expectNothingLeft(place);
  });

  test("that does not remove what a dead run has left keeps no new run from its work", async () => {
    await using place = await openPlace();
    await using refusing = await socketIn(place, (caller) => passOn(caller, /^DELETE .*\/networks\//));
    const dead = place.interlock(run("endless/contained"));
    await dead.said("issuing the jobs");
    dead.kill("SIGKILL");
    await dead.ended;

    const next = await place.interlock(run("troubled/missing-image"), { DOCKER_HOST: refusing.host }).ended;
    expect(next.stderr).toMatch(/^going on beside what a run has left: .*500/);
    expectTrouble(next, {
      component: "worker-v6",
      expected: "the image interlock/worker-v6:never-built",
      happened: /^there is no such image; nor could what was started be removed: .*500/,
      next: /^ {2}next: build or pull it.*; .*`script\/interlock clean`/,
      within: 20_000,
    });
    expectTrouble(await place.interlock(["clean"], { DOCKER_HOST: refusing.host }).ended, {
      component: "Docker engine",
      expected: "it to remove what runs have left",
      happened: "500",
      next: "`docker version`",
      within: 20_000,
    });
    expect(await place.interlock(["clean"]).ended).toMatchObject({ exitCode: 0, stderr: "" });
    await expectNothingLeft(place);
  });
});
