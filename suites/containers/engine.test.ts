import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { inEngine } from "./leftovers.ts";
import { configFile, expectNothingLeft, openPlace, type Place } from "./place.ts";
import { expectTrouble } from "./trouble.ts";

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

describe.concurrent("a Docker engine", () => {
  test("that is down is named with its address, and no other engine is taken in its place", async () => {
    await using place = await openPlace();
    const host = `unix://${place.folder}/nobody.sock`;
    for (const argv of [run("endless"), ["clean", "--dead"]]) {
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

  test("that is silent is given up after ten seconds", async () => {
    await using place = await openPlace();
    await using silent = await socketIn(place, () => {});
    expectTrouble(await place.interlock(run("endless"), { DOCKER_HOST: silent.host }).ended, {
      component: "Docker engine",
      expected: `an engine that answers at DOCKER_HOST=${silent.host}`,
      happened: "none answered within 10 s",
      next: "`docker version`",
      within: 20_000,
    });
    expect(await place.runs()).toEqual([]);
  });

  test("that goes away in mid-run ends the run, and what it holds is swept when it is back", async () => {
    await using place = await openPlace();
    const relay = await socketIn(place, (caller) => {
      const engine = connect(standard);
      engine.on("error", () => caller.destroy());
      caller.on("close", () => engine.destroy());
      caller.pipe(engine).pipe(caller);
    });
    const interlock = place.interlock(run("contained"), { DOCKER_HOST: relay.host });
    await interlock.said("issuing the jobs");
    await relay.close();
    expectTrouble(await interlock.ended, {
      component: "destination-web",
      expected: "it to stay up until the end of the run",
      happened: /^the Docker engine no longer answers.*; nor could what was started be removed: ./,
      log: "listening on 8080",
      next: "`interlock clean --dead` removes what is left",
      within: 20_000,
    });
    const [id = ""] = await place.runs();
    expect(await place.processes()).toEqual([]);
    expect(await inEngine(id)).toEqual(["container destination-web", `network interlock-${id}`]);
    expect(await place.interlock(["clean", "--dead"]).ended).toMatchObject({ exitCode: 0, stderr: "" });
    await expectNothingLeft(place);
  });
});
