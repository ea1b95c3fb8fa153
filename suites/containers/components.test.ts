import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import type { RunResult } from "../../harness/matrix/result.ts";
import type { Ended } from "./interlock.ts";
import { holdInEngine, killInEngine } from "./leftovers.ts";
import { configFile, openPlace, type Place } from "./place.ts";
import { expectTrouble } from "./trouble.ts";

/** Components that are not there, not up or not what they should be: exit 3, one message, nothing left. */
const run = (config: string) => ["run", "--config", configFile(config)];

describe("what cannot be started", () => {
  test("an image that is not on this machine is named before anything is started", async () => {
    await using place = await openPlace();
    expectTrouble(await place.interlock(run("troubled/missing-image")).ended, {
      component: "worker-v6",
      expected: "the image interlock/worker-v6:never-built on this machine",
      happened: "there is no such image",
      next: "build or pull it",
      within: 15_000,
    });
  });

  test("a program that is not there is named with its component", async () => {
    await using place = await openPlace();
    expectTrouble(await place.interlock(run("troubled/no-such-program")).ended, {
      component: "worker-v5",
      expected: "it to start and stay up",
      happened: "spawn /no/such/worker ENOENT",
      next: "run its command by hand",
      within: 15_000,
    });
  });

  test("a fixed port that somebody else listens on is named, and how to find out who", async () => {
    await using place = await openPlace();
    const other = createServer().listen(0, "0.0.0.0");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as { port: number };
    const ended = await place.interlock(run("troubled/taken-port"), { TEST_LINK_PORT: String(port) }).ended;
    other.close();
    expectTrouble(ended, {
      component: "link worker-v5 -> api",
      expected: `port ${port} of 127.0.0.1 to be free`,
      happened: "EADDRINUSE",
      next: `ss -ltnp 'sport = :${port}'`,
      within: 15_000,
    });
  });
});

describe("what ends at once", () => {
  /** Runs a config; the worker is started when the API is ready, and from then on five seconds must do. */
  const endedSoon = async (place: Place, config: string): Promise<Ended> => {
    const interlock = place.interlock(run(config));
    await interlock.said(/ready: .*\bapi\b/);
    const began = performance.now();
    const ended = await interlock.ended;
    expect(performance.now() - began).toBeLessThan(5_000);
    return ended;
  };

  test("a worker's program is told with its exit code and the last lines of its log", async () => {
    await using place = await openPlace();
    expectTrouble(await endedSoon(place, "troubled/worker-exits"), {
      component: "worker-v5",
      expected: "a claim by generation v5 for presto, hive-cdh4 that the API answers",
      happened: "it exited with code 7",
      log: "WORKER_TOKEN is not set",
      next: "worker-v5.log",
      within: 15_000,
    });
  });

  test("a worker's image is told with its exit code and the last lines of its log", async () => {
    await using place = await openPlace();
    expectTrouble(await endedSoon(place, "troubled/worker-image-exits"), {
      component: "worker-v5",
      expected: /it to start and stay up|a claim by generation v5/,
      happened: "it exited with code 64",
      log: "API_URL is not set",
      next: "worker-v5.log",
      within: 15_000,
    });
  });
});

describe.concurrent("what never gets ready", () => {
  test("a worker that never claims is given up when its time is over", async () => {
    await using place = await openPlace();
    expectTrouble(await place.interlock(run("troubled/silent-worker")).ended, {
      component: "worker-v5",
      expected: "a claim by generation v5",
      happened: "within 2 s it did not; last seen: no claim",
      log: "up, and waiting for a sign",
      next: "worker-v5.log",
      within: 15_000,
    });
  });

  test("an API that answers 500 is given up when its time is over, with its answer", async () => {
    await using place = await openPlace();
    expectTrouble(await place.interlock(run("troubled/failing-api")).ended, {
      component: "api",
      expected: "status 200 from /v3/system/server_status",
      happened: 'within 2 s it did not; last seen: it answered 500: {"status":"ok"}',
      log: /^ +stand-in API on /,
      next: "api.log",
      within: 15_000,
    });
  });

  test("a MySQL that takes connections and says nothing is given up when its time is over", async () => {
    await using place = await openPlace();
    expectTrouble(await place.interlock(run("troubled/frozen-mysql")).ended, {
      component: "mysql",
      expected: "the account anybody to log in",
      happened: "within 2 s it did not",
      next: "mysql.log",
      within: 15_000,
    });
  });
});

describe("an API that answers claims against its contract, from the first on,", () => {
  test.each([
    ["404", "401", "worker->api, worker.claim: reply: status 404 without an error body"],
    ["500", "401", "worker->api, worker.claim: model: it was answered 500 although nothing was broken"],
    ["401", "401", "worker->api, worker.claim: model: it was refused (unauthenticated)"],
    ["200", "200", "worker->api, worker.claim: model: it was answered to a caller without credential"],
  ])("with %s, and one without a credential with %s, is a violation", async (claim, anybody, says) => {
    await using place = await openPlace();
    const argv = [...run("troubled/odd-claims"), "--json"];
    const env = { TEST_CLAIM: claim, TEST_ANYBODY: anybody };
    const { exitCode, stdout, stderr } = await place.interlock(argv, env).ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.not.stringContaining("interlock: ") });
    const { loose } = JSON.parse(stdout) as RunResult;
    expect(loose).toContainEqual(expect.stringContaining(says));
  });

  test("or so late that its callers have gone, is named, and no worker in its place", async () => {
    await using place = await openPlace();
    const ended = await place.interlock(run("troubled/odd-claims"), { TEST_AFTER: "1500" }).ended;
    expectTrouble(ended, {
      component: "api",
      expected: /^an answer to the claims of worker-v[56] before the worker gives up$/,
      happened: /^the last one came after 1\.[5-9]\d* s$/,
      next: "let its callers wait longer",
      within: 15_000,
    });
  });
});

describe("what is not what the config says", () => {
  test("an API whose image holds another build is not tested under that image's name", async () => {
    await using place = await openPlace();
    expectTrouble(await place.interlock(run("troubled/other-build")).ended, {
      component: "api",
      expected: /^the build digest [0-9a-f]{64}$/,
      happened: "it calls itself stand-in",
      log: "stand-in API on 8080",
      next: "build the image again, or name the right one",
      within: 15_000,
    });
  });

  test("an API that cannot say which build it is is not tested at all", async () => {
    await using place = await openPlace();
    expectTrouble(await place.interlock(run("troubled/nameless-api")).ended, {
      component: "api",
      expected: "its build digest from /version",
      happened: "it answered 404",
      log: /^ +stand-in API on /,
      next: "build the image again, or name the right one",
      within: 15_000,
    });
  });

  test("a worker that claims as another generation is not tested as the one that is named", async () => {
    await using place = await openPlace();
    expectTrouble(await place.interlock(run("troubled/other-generation")).ended, {
      component: "worker-v5",
      expected: "a claim by generation v5 for presto, hive-cdh4",
      happened: "it claimed as v6 for hive-hdp2",
      next: "name the right one",
      within: 15_000,
    });
  });
});

describe("what ends in mid-run", () => {
  test("a worker's program is named with its last words, and no job is waited for any longer", async () => {
    await using place = await openPlace();
    const interlock = place.interlock(run("troubled/dying-worker"));
    expectTrouble(await interlock.ended, {
      component: "worker-v6",
      expected: "it to stay up until the end of the run",
      happened: "it exited with code 9",
      log: "heap is full, giving up",
      next: "worker-v6.log",
      within: 15_000,
    });
    expect((await interlock.ended).stderr).toContain("issuing the jobs");
  });

  test("a container is named with its last words", async () => {
    await using place = await openPlace();
    const interlock = place.interlock(run("endless/contained"));
    await interlock.said("issuing the jobs");
    const [id = ""] = await place.runs();
    await killInEngine(id, "destination-web");
    expectTrouble(await interlock.ended, {
      component: "destination-web",
      expected: "it to stay up until the end of the run",
      happened: "it exited with code 137",
      log: "listening on 8080",
      next: "destination-web.log",
      within: 15_000,
    });
  });

  test.each([
    ["pause", "it was paused from outside"],
    ["SIGSTOP", "it was stopped from outside by a signal"],
  ] as const)("a container that somebody else holds by %s is named at once", async (how, happened) => {
    await using place = await openPlace();
    const interlock = place.interlock(run("endless/contained"));
    await interlock.said("issuing the jobs");
    const [id = ""] = await place.runs();
    await holdInEngine(id, "destination-web", how);
    expectTrouble(await interlock.ended, {
      component: "destination-web",
      expected: "nobody but the run to make it stand still",
      happened,
      next: "see who paused or stopped it",
      within: 15_000,
    });
  });
});
