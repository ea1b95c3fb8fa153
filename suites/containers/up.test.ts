import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import { execa } from "execa";
import { TDClient } from "td";
import { describe, expect, test, vi } from "vitest";
import { readHistory } from "../../harness/history/read.ts";
import { type Scenario, scenarioFor } from "../../harness/schedule/scenario.ts";
import type { Addresses } from "../../harness/up/addresses.ts";
import { resultOutput } from "../result-output/scenarios.ts";
import type { Interlock } from "./interlock.ts";
import { killInEngine } from "./leftovers.ts";
import { configFile, expectNothingLeft, openPlace, type Place } from "./place.ts";
import { expectTrouble } from "./trouble.ts";

/** A system that is left to others: what they do is judged in the end, and then nothing is left of it. */

const root = resolve(import.meta.dirname, "../..");
const standard = ["--config", join(root, "interlock.config.ts"), "--json"];

const addressesOf = async (interlock: Interlock) => JSON.parse(await interlock.printed()) as Addresses;
const customerOf = (addresses: Addresses, cluster: string) => {
  const customer = addresses.customers.find((one) => one.cluster === cluster);
  if (customer === undefined) throw new Error(`there is no customer of ${cluster}`);
  return customer;
};

/** The second and last line: what was judged. */
const verdictIn = (stdout: string) => JSON.parse(stdout.split("\n")[1] ?? "") as Record<string, unknown>;

/** As curl does it. */
async function ask(addresses: Addresses, cluster: string, path: string, form?: Record<string, string>) {
  const headers = { authorization: `TD1 ${customerOf(addresses, cluster).apikey}` };
  const post = form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) };
  const reply = await fetch(`${addresses.api}${path}`, { headers, ...post });
  return reply.text();
}

const until = <T>(look: () => Promise<T | undefined>) =>
  vi.waitUntil(look, { timeout: 60_000, interval: 100 }) as Promise<T>;

/** Issues the query that the addresses name, and reads its result when it has ended. */
async function queryByHand(addresses: Addresses, cluster: string, type: string, more = {}): Promise<string> {
  const { database, query } = customerOf(addresses, cluster);
  const issued = await ask(addresses, cluster, `/v3/job/issue/${type}/${database}`, { query, ...more });
  const { job_id: id } = JSON.parse(issued) as { job_id: string };
  await until(async () => {
    const { status } = JSON.parse(await ask(addresses, cluster, `/v3/job/status/${id}`)) as {
      status: string;
    };
    return ["success", "error", "killed"].includes(status) || undefined;
  });
  return ask(addresses, cluster, `/v3/job/result/${id}?format=json`);
}

/** By npm td: the answer to one of its calls; rejects with what it tells of a refusal. */
type Ask = <T>(
  call: (client: TDClient, told: (error: Error | null, value: unknown) => void) => void,
) => Promise<T>;

function tdOf(addresses: Addresses, cluster: string): Ask {
  const { apikey } = customerOf(addresses, cluster);
  const client = new TDClient(apikey, { host: new URL(addresses.api).host, protocol: "http" });
  return <T>(call: Parameters<Ask>[0]) =>
    new Promise<T>((settle, fail) =>
      call(client, (error, value) => (error ? fail(error) : settle(value as T))),
    );
}

/** The result of a query as JSON lines. */
async function queryByTd(ask: Ask, database: string, query: string): Promise<string> {
  const { job_id: id } = await ask<{ job_id: string }>((client, told) =>
    client.prestoQuery(database, query, {}, told),
  );
  await until(async () => {
    const { status } = await ask<{ status: string }>((client, told) => client.showJob(id, told));
    return status === "success" || undefined;
  });
  return String(await ask((client, told) => client.jobResult(id, "json", told)));
}

/** Records into a table of its own, each chunk twice, and read back when the API counts them. */
async function importByTd(ask: Ask, database: string, records: readonly object[]): Promise<string> {
  await ask((client, told) => client.createLogTable(database, "streamed", told));
  for (const [i, record] of records.entries()) {
    const chunk = gzipSync(encode(record));
    for (let sent = 0; sent < 2; sent += 1) {
      const body = Readable.from([Buffer.from(chunk)]);
      await ask((client, told) =>
        client.import(database, "streamed", "msgpack.gz", body, chunk.byteLength, `c0ffee${i}`, told),
      );
    }
  }
  await until(async () => {
    const { tables } = await ask<{ tables: { name: string; count: number }[] }>((client, told) =>
      client.listTables(database, told),
    );
    return tables.find(({ name }) => name === "streamed")?.count === records.length || undefined;
  });
  return queryByTd(ask, database, "SELECT time, symbol FROM streamed ORDER BY time");
}

/** The rows of that query, a line each. */
const rowsOf = (cluster: "cdh4" | "hdp2"): string =>
  scenarioFor(resultOutput[0] as Scenario, cluster)
    .source.rows.map((row) => JSON.stringify(row))
    .join("\n");

const historyIn = async (place: Place) => {
  const [run = ""] = await place.runs();
  return join(place.folder, ".interlock/runs", run, "history.jsonl");
};

describe("a system that is up", () => {
  test("serves curl and npm td with a worker that was started by hand, and is judged after Ctrl-C", async () => {
    await using place = await openPlace();
    const secrets = join(place.folder, "secrets");
    const interlock = place.interlock(
      ["up", "--config", configFile("standard/recording"), "--json", "--without", "worker-v5"],
      { TEST_SECRETS: secrets },
    );
    const addresses = await addressesOf(interlock);
    const told = addresses.workers.find(({ name }) => name === "worker-v5");
    const worker = execa(process.execPath, [join(root, "fixtures/workers/v5/main.ts")], {
      reject: false,
      env: {
        ...told?.env,
        BUILD_FILE: join(import.meta.dirname, "fixtures/standard/build.json"),
        OUTBOX_DIR: join(place.folder, "outbox"),
      },
    });
    try {
      expect(await queryByHand(addresses, "hdp2", "hive")).toBe(`${rowsOf("hdp2")}\n`);
      const ask = tdOf(addresses, "cdh4");
      const { database, query } = customerOf(addresses, "cdh4");
      expect((await queryByTd(ask, database, query)).trim()).toBe(rowsOf("cdh4"));
      const records = ["日本", "b"].map((symbol, i) => ({ time: 1_567_578_480 + i, symbol }));
      const read = await importByTd(ask, database, records);
      expect(read.trim()).toBe('[1567578480,"日本"]\n[1567578481,"b"]');
    } finally {
      worker.kill();
      await worker;
    }
    interlock.kill("SIGINT");
    const { exitCode, stdout, stderr } = await interlock.ended;
    expect({ exitCode, verdict: verdictIn(stdout) }).toMatchObject({
      exitCode: 0,
      verdict: { verdict: "pass", broken: [], loose: [], lacks: [], of: 3 },
    });
    expect(stderr).toContain("worker-v5  worker.finish attempt 1 says success (job 2)");
    await expectNothingLeft(place);

    const history = await historyIn(place);
    expect(await readHistory(history)).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ kind: "run", visit: { jobs: 3 } }),
        expect.objectContaining({ kind: "final", number: 2, stored: "success" }),
        expect.objectContaining({ operation: "worker.finish", by: "worker-v5", job: "2" }),
      ]),
    );
    expect((await place.interlock(["check", history]).ended).exitCode).toBe(0);

    // Whoever asked was told them, and nobody else.
    const given = [...new Set((await readFile(secrets, "utf8")).trim().split("\n"))];
    const files = await readdir(join(history, ".."), { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      files
        .filter((file) => file.isFile())
        .map(({ parentPath, name }) => readFile(join(parentPath, name), "latin1")),
    );
    const open = [...texts, stderr, stdout.slice(stdout.indexOf("\n"))];
    expect(given.filter((secret) => open.some((text) => text.includes(secret)))).toEqual([]);
    expect(given.some((secret) => stdout.includes(secret))).toBe(true);
  });

  test("violates where what was done to it broke a promise", async () => {
    await using place = await openPlace();
    const interlock = place.interlock(["up", ...standard, "--api", "2015-08-24", "--junit", "junit.xml"]);
    const addresses = await addressesOf(interlock);
    const result = addresses.outputs.find(({ generation }) => generation === "v5")?.url ?? "";
    await queryByHand(addresses, "cdh4", "presto", { result });
    interlock.kill("SIGINT");
    const { exitCode, stdout } = await interlock.ended;
    expect({ exitCode, verdict: verdictIn(stdout) }).toMatchObject({
      exitCode: 1,
      verdict: {
        verdict: "violation",
        broken: expect.arrayContaining([
          expect.objectContaining({
            invariant: "C",
            job: 1,
            witnesses: expect.arrayContaining([expect.stringContaining("result_settings")]),
          }),
        ]),
      },
    });
    expect(await readFile(join(place.folder, "junit.xml"), "utf8")).toContain("visitor-1");
    await expectNothingLeft(place);
  });

  test("proves nothing where nobody came; SIGTERM ends it as Ctrl-C does", async () => {
    await using place = await openPlace();
    const interlock = place.interlock(["up", ...standard]);
    await interlock.said("Ctrl-C ends it");
    interlock.kill("SIGTERM");
    const { exitCode, stdout, stderr } = await interlock.ended;
    expect({ exitCode, verdict: verdictIn(stdout), stderr }).toMatchObject({
      exitCode: 2,
      verdict: { verdict: "missing", lacks: [{ what: "nobody did anything with the system" }] },
      stderr: expect.stringContaining("SIGTERM: judging what was done"),
    });
    await expectNothingLeft(place);
  });

  test("ends with the name of a component that died, and its history is kept as far as it goes", async () => {
    await using place = await openPlace();
    const interlock = place.interlock(["up", ...standard]);
    const addresses = await addressesOf(interlock);
    await queryByHand(addresses, "hdp2", "hive");
    const [run = ""] = await place.runs();
    await killInEngine(run, "worker-v6");
    const ended = await interlock.ended;
    expectTrouble(
      { ...ended, stdout: "" },
      {
        component: "worker-v6",
        expected: "it to stay up until the end of the run",
        happened: "it exited with code 137",
        log: /./,
        next: "worker-v6.log",
        within: 120_000,
      },
    );
    expect(await readFile(await historyIn(place), "utf8")).toContain('"operation":"job.issue"');
    await expectNothingLeft(place);
  });
});

describe("a replay that stands still", () => {
  const schedule = {
    format: 2,
    workload: { jobs: [{ scenario: "insert-into", engine: "presto" }], workers: 1 },
    releases: { api: "current", workers: { v5: "current" } },
    seed: 1,
    faults: [],
  };

  test("at a call keeps it on its link while the system answers, until it is stopped", async () => {
    await using place = await openPlace();
    await writeFile(join(place.folder, "it.json"), JSON.stringify(schedule));
    const at = ["--until", "call:worker.finish"];
    const interlock = place.interlock(["replay", "it.json", "--rig", "containers", ...standard, ...at]);
    const addresses = await addressesOf(interlock);
    await interlock.said("it stands still at call:worker.finish");
    const { jobs } = JSON.parse(await ask(addresses, "cdh4", "/v3/job/list")) as {
      jobs: { status: string }[];
    };
    // The worker has done all, and the API has not heard of it.
    expect(jobs.map(({ status }) => status)).toEqual(["running"]);
    interlock.kill("SIGTERM");
    const { exitCode, stdout } = await interlock.ended;
    expect({ exitCode, verdict: verdictIn(stdout) }).toMatchObject({
      exitCode: 2,
      verdict: { verdict: "missing", until: "call:worker.finish", isStopped: true },
    });
    const last = (await readFile(await historyIn(place), "utf8")).trim().split("\n").at(-1) ?? "";
    expect(JSON.parse(last)).toMatchObject({ operation: "worker.finish", status: null });
    await expectNothingLeft(place);
  });

  test("nowhere, since it never comes to the place, proves nothing", async () => {
    await using place = await openPlace();
    await writeFile(join(place.folder, "it.json"), JSON.stringify(schedule));
    const at = ["--until", "job:1:killed"];
    const { exitCode, stdout } = await place.interlock([
      "replay",
      "it.json",
      "--rig",
      "containers",
      ...standard,
      ...at,
    ]).ended;
    expect({ exitCode, verdict: JSON.parse(stdout) as unknown }).toMatchObject({
      exitCode: 2,
      verdict: { verdict: "missing", outcome: "whole", isStopped: false },
    });
  });

  test.each([
    ["a rig without addresses", ["--until", "fault:1"]],
    ["a place that the schedule does not have", ["--rig", "containers", "--until", "fault:1"]],
  ])("%s: refused", async (_, flags) => {
    await using place = await openPlace();
    await writeFile(join(place.folder, "it.json"), JSON.stringify(schedule));
    const { exitCode, stderr } = await place.interlock(["replay", "it.json", ...standard, ...flags]).ended;
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 64, stderr: expect.stringContaining("until") });
  });
});
