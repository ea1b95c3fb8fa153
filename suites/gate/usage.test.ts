import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operations } from "../../contracts/operations.ts";
import { loadSettings } from "../../harness/config/load-config.ts";
import { type MeasureName, measureNames } from "../../harness/cost/measures.ts";
import { writeCost } from "../../harness/evidence/cost.ts";
import { harnessDigest } from "../../harness/evidence/inputs.ts";
import { sha256 } from "../../harness/secrets.ts";
import { type ToldMatrix, toldMatrix } from "../trust/told-matrix.ts";
import { images } from "./as-in-containers.ts";
import { type Kept, keep } from "./evidence-on-disk.ts";
import { makeAnew } from "./made-anew.ts";

/** `interlock gate` and `interlock attested` as they are called. */

const root = resolve(import.meta.dirname, "../..");
let place: string;
let store: string;
let kept: Kept;

const interlock = (...argv: string[]) =>
  execa(process.execPath, [join(root, "harness/cli.ts"), ...argv], {
    cwd: root,
    reject: false,
    stdin: "ignore",
  });

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "interlock-gate-"));
  store = join(place, "store");
  await mkdir(store);
  const told: ToldMatrix = await toldMatrix(({ scenario }) => scenario.name === "no-output");
  kept = await keep(told, store);
  await writeFile(file("deployed"), (await interlock("attested", kept.folder, "--policy")).stdout);
  const candidate = await interlock("attested", kept.folder, "--component", "api");
  await writeFile(file("candidate"), candidate.stdout);
});
afterAll(() => rm(place, { recursive: true, force: true }));

const image = sha256("api");
const other = "f".repeat(64);
const file = (name: string) => join(place, `${name}.json`);
const asked = (...more: string[]) => [
  "gate",
  "--deployed",
  file("deployed"),
  "--candidate",
  file("candidate"),
  "--evidence",
  store,
  ...more,
];

test("what a run attested is what the gate takes for a candidate, and with the policy for what is live", async () => {
  const live = JSON.parse(await readFile(file("deployed"), "utf8"));
  expect(live.builds.map(({ component }: { component: string }) => component)).toEqual([
    "api",
    "worker-v5",
    "worker-v6",
    "mysql",
  ]);
  expect(live.policy.cells).toContain("v5-presto/web");
  const { builds } = JSON.parse(await readFile(file("candidate"), "utf8"));
  expect(builds).toEqual([live.builds[0]]);
});

test("evidence is found some folders down, as CI keeps artefacts; one that was renamed is told", async () => {
  const deep = join(place, "deep");
  const inner = join(deep, "shard-1", "runs", "run");
  await cp(kept.folder, inner, { recursive: true });
  const argv = ["--deployed", file("deployed"), "--candidate", file("candidate"), "--evidence", deep];
  expect((await interlock("gate", ...argv)).stdout).toContain("shard-1/runs/run: ");
  await makeAnew(inner, (payloads) =>
    payloads.map((payload) => payload.replaceAll("digest of api", "elsewhere").replaceAll(image, other)),
  );
  const { stdout } = await interlock("gate", ...argv);
  expect(stdout).toContain("the evidence is damaged: it says another run, time or builds than its history");
});

test("a part of the matrix, of 1970, is NO-GO with the command that runs the whole", async () => {
  const before = await readdir(store, { recursive: true });
  const { exitCode, stdout } = await interlock(...asked("--junit", join(place, "gate.xml")));
  expect(exitCode).toBe(2);
  expect(stdout).toMatch(
    /^NO-GO: \d+ missing; 0 of 151 required things were shown, and \d+ kinds of things were not asked for$/m,
  );
  expect(stdout).toContain("the list of what is live is older than the 24 hours of its policy");
  expect(stdout).toContain("whole matrix, and 95 cells of it: ");
  expect(stdout).toContain("  next: script/compat --api current");
  expect(stdout).toMatch(/^not asked for: rolling plans$/m);
  // It decides, and records nothing.
  expect(await readdir(store, { recursive: true })).toEqual(before);
  const xml = await readFile(join(place, "gate.xml"), "utf8");
  expect(Number(/failures="(\d+)"/.exec(xml)?.[1]) + Number(/errors="(\d+)"/.exec(xml)?.[1])).toBeGreaterThan(
    100,
  );
});

test("--json is one object with every finding and its next step", async () => {
  const { stdout, exitCode } = await interlock(...asked("--json"));
  const { decision, exit, findings } = JSON.parse(stdout);
  expect({ decision, exit, exitCode }).toEqual({ decision: "NO-GO", exit: 2, exitCode: 2 });
  expect(findings.length).toBeGreaterThan(100);
  expect(findings.every(({ next }: { next: string }) => next !== "")).toBe(true);
});

test("a plan has a command for each shard, in the form that a CI wants", async () => {
  const { stdout } = await interlock("plan", "--shards", "4", "--api", "2015-08-24");
  const { shards } = JSON.parse(stdout);
  expect(shards.map(({ cells }: { cells: number }) => cells)).toEqual([38, 37, 37, 37]);
  expect(shards[1]).toMatchObject({ shard: "2/4", command: "script/compat --shard 2/4 --api 2015-08-24" });
  const github = JSON.parse((await interlock("plan", "--shards", "2", "--format", "github")).stdout);
  expect(github.include).toHaveLength(2);
  const gitlab = JSON.parse((await interlock("plan", "--shards", "2", "--format", "gitlab")).stdout);
  expect(gitlab.parallel.matrix).toHaveLength(2);
});

test("a plan by the times of a run gives the long cells to different shards", async () => {
  const times = join(place, "result.json");
  const green = { verdict: "pass", violations: [] };
  const cells = [
    { ...green, path: "current/v5-presto/web", millis: 900_000 },
    { ...green, path: "current/v5-presto/no-output", millis: 900_000 },
    { ...green, path: "current/v6-hive-hdp2/web", millis: 100 },
  ];
  await writeFile(times, JSON.stringify({ schema: 2, runId: "kept", api: "current", cells }));
  const { stdout } = await interlock("plan", "--shards", "2", "--durations", times);
  expect(JSON.parse(stdout).shards[0].command).toBe(`script/compat --shard 1/2 --durations ${times}`);
});

test("a folder without shards is no matrix: 2, with what to do", async () => {
  const empty = join(place, "empty");
  await mkdir(empty);
  const { exitCode, stdout } = await interlock("merge", empty);
  expect(exitCode).toBe(2);
  expect(stdout.split("\n")).toEqual([
    "missing: there is no shard: nothing was run, or its evidence is elsewhere; name the folder that holds the runs of every shard",
    "MISSING: 0 of 0 cells pass, merged",
  ]);
});

describe("a comparison of costs that the policy asks for", () => {
  const next = `sha256:${sha256("next")}`;
  const releases = (api: string) => ({ api, workers: { v5: "current", v6: "current" } });
  const one = (of: string, measure: MeasureName, value: number) => ({ of, measure, value, parts: [] });
  /** All that is counted of a system, and the statements of one call. */
  const figures = (value: number) => ({
    figures: [
      one("job.list", "statements", value),
      ...Object.keys(operations).map((operation) =>
        one(`${operation}, call 1 of a life in v5`, "statements", 1),
      ),
      one("a chunk of streaming import, until it is seen, in v5", "statements", 1),
      ...measureNames.map((name) => one("300 jobs", name, 0)),
    ],
    uncounted: {},
  });

  /** As a run of `cost` leaves it, with so many statements of the candidate. */
  async function compared(statements: number): Promise<void> {
    const folder = join(store, `cost-${statements}`);
    await mkdir(folder);
    const { builds } = kept;
    const newer = builds.map((build) => (build.component === "api" ? { ...build, image: next } : build));
    const side = {
      folder,
      releases: releases("current"),
      builds,
      images,
      settings: { sql_mode: "STRICT_TRANS_TABLES" },
      figures: figures(2),
      machine: null,
    };
    const candidate = { ...side, releases: releases("2026-05"), builds: newer, figures: figures(statements) };
    const load = { finished: 100_000, queued: 200, jobs: 300, burst: 50 };
    const comparison = {
      load,
      starved: null,
      deployed: side,
      candidate,
      compared: [],
      uncompared: {},
      unmatched: [],
    };
    const { config } = await loadSettings("interlock.config.ts");
    await writeCost(comparison, { at: Date.now(), harness: await harnessDigest(), config, key: null });
  }

  const gate = () =>
    interlock("gate", "--deployed", file("costly"), "--candidate", file("newer"), "--evidence", store);

  test("is printed as a command, counts once it is there, and speaks against a candidate that costs more", async () => {
    const live = JSON.parse((await interlock("attested", kept.folder, "--policy", "--cost")).stdout);
    expect(live.policy.cost).toEqual({ finished: 100_000, jobs: 300, budgets: {} });
    await writeFile(file("costly"), JSON.stringify({ ...live, at: new Date().toISOString() }));
    const api = { component: "api", release: "2026-05", image: next };
    await writeFile(file("newer"), JSON.stringify({ schema: 1, builds: [api] }));
    expect((await gate()).stdout).toMatch(
      /missing {2}api 2026-05 \(\w+\): it was not compared with what is live\n {2}next: script\/interlock cost --api 2026-05 --worker v5=current --worker v6=current --deployed-api current --deployed-worker v5=current --deployed-worker v6=current --finished 100000 --jobs 300$/m,
    );
    await compared(2);
    const shown = (await gate()).stdout;
    expect(shown).not.toContain("compared");
    expect(shown).toContain("rests on ");
    await compared(9);
    const { exitCode, stdout } = await gate();
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/violation {2}api 2026-05 .*job\.list: 9 statements, deployed 2, at most 2\.5$/m);
  });
});

describe("what cannot be asked is refused with 64", () => {
  const cases: Record<string, [argv: () => string[], said: string]> = {
    "without a candidate": [() => ["gate", "--deployed", file("deployed")], "--candidate"],
    "without what is live": [() => ["gate", "--candidate", file("candidate")], "--deployed"],
    "with a file that is not there": [() => asked("--known", "none.json"), "none.json: cannot be read"],
    "with evidence that is nowhere": [
      () => asked("--evidence", join(place, "none")),
      "expected a folder with evidence",
    ],
    "with a candidate for what is live": [
      () => ["gate", "--deployed", file("candidate"), "--candidate", file("candidate")],
      "policy: ",
    ],
    "for workers of a generation that is none": [
      () => ["run", "--worker", "v7=next"],
      "--worker v7=next: expected one of v5, v6",
    ],
    "for workers without a release": [() => ["run", "--worker", "v5="], "--worker v5=: expected"],
    "for a shard beyond the last": [() => ["run", "--shard", "5/4"], "--shard 5/4: expected i/n"],
    "for a shard of chosen cells": [
      () => ["run", "--shard", "1/2", "--cell", "**"],
      "a shard is a part of the whole",
    ],
    "for no shards": [() => ["plan", "--shards", "0"], "a whole number from 1 to 100"],
    "for times that are none": [
      () => ["plan", "--shards", "2", "--durations", file("candidate")],
      "expected the result.json of a run",
    ],
    "with a key that is none": [() => ["run", "--sign", file("candidate")], "expected an Ed25519 key in PEM"],
    "for builds of a folder without evidence": [() => ["attested", place], "no evidence"],
    "for costs that no policy is to ask for": [
      () => ["attested", kept.folder, "--cost"],
      "--cost are parts of the policy, which --policy prints",
    ],
    "for what the same costs": [() => ["cost"], "the candidate is what is deployed"],
    "for what another release costs than the config has": [
      () => ["cost", "--api", "constructor"],
      "no API release constructor in the config; it has 2026-05, current",
    ],
    "for what workers of a generation cost that is none": [
      () => ["cost", "--deployed-worker", "v7=next"],
      "--deployed-worker v7=next: expected one of v5, v6",
    ],
    "for what too few jobs cost": [() => ["cost", "--api", "next", "--jobs", "3"], "from 30 to 100000"],
    "for a component that did not run": [
      () => ["attested", kept.folder, "--component", "proxy"],
      "--component proxy",
    ],
  };
  test.each(Object.entries(cases))("%s", async (_, [argv, said]) => {
    const { exitCode, stdout, stderr } = await interlock(...argv());
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
    expect(stderr).toContain(said);
    expect(stderr).not.toMatch(/\n\s+at |fault of Interlock/);
  });
});
