import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serialise } from "../../harness/history/write.ts";
import type { Fault, Schedule, Site } from "../../harness/schedule/schedule.ts";
import { type Bad, config, serverChecks, shipped } from "./bad-server-checks.ts";
import { runOn, workloadOf } from "./failing-schedules.ts";
import { Place } from "./place.ts";

/** Input that Interlock cannot use: one message with the place and what to do, before anything is run. */

let place: Place;
beforeAll(async () => {
  place = await Place.open();
});
afterAll(() => place[Symbol.asyncDispose]());

const good = workloadOf("current");

/** A schedule that is good but for this. */
const schedule = (what: string, more: Record<string, unknown>, ...says: string[]): Bad => ({
  what,
  files: () => ({ "bad.json": { ...good, ...more } }),
  argv: ["replay", "bad.json", "--config", shipped],
  exit: 64,
  says,
});

const faultAt = (at: Partial<Site>, fault: Fault): Partial<Schedule> => ({
  faults: [
    {
      at: { link: "worker->api", operation: "worker.finish", job: 1, occurrence: 1, phase: "before", ...at },
      fault,
    },
  ],
});

const history = (
  what: string,
  exit: Bad["exit"],
  damage: (text: string) => string,
  ...says: string[]
): Bad => ({
  what,
  files: async () => {
    const [run] = await (await runOn("current"))([good]);
    return { "bad.jsonl": damage(serialise(run?.events ?? []).text) };
  },
  argv: ["check", "bad.jsonl"],
  exit,
  says,
});

const otherImage = 'config.workers["worker-v6"].image = "mine/worker:1"';
const otherRig = ["worker-v6 current is the image mine/worker:1", "--rig containers runs it"];

const all: Bad[] = [
  ...serverChecks,
  schedule(
    "a schedule of a later format",
    { format: 3 },
    "bad.json: format: 3 was made by a newer Interlock",
    "take the newer one",
  ),
  schedule("an unknown key", { note: "mine" }, 'bad.json:\n  the whole: Unrecognized key: "note"'),
  schedule(
    "an unknown scenario",
    { workload: { jobs: [{ scenario: "wbe", engine: "presto" }], workers: 1 } },
    "job 1 of the schedule: the config has no scenario wbe",
    "it has web, mysql-append, ",
  ),
  schedule(
    "a customer that the rig has not",
    { workload: { jobs: [{ scenario: "web", engine: "presto", customer: "td" }], workers: 1 } },
    "workload.jobs[0].customer: td needs real HTTP",
    "leave it out, or use --rig containers",
  ),
  schedule(
    "a duplicate after the call",
    faultAt({ phase: "after" }, { kind: "duplicate" }),
    "bad.json:\n  faults[0]: duplicate after the 1st worker.finish of job 1 (worker->api): it means something only before a call",
    "allowed here are lost, ",
  ),
  schedule(
    "a status of a database",
    faultAt({ link: "api->database", job: null }, { kind: "status", status: 503 }),
    "faults[0]: status before the 1st worker.finish (api->database): it means something only on ",
    "allowed here are lost, ",
  ),
  schedule(
    "a kill of a job that is not there yet",
    faultAt({ link: "customer->api", operation: "job.issue" }, { kind: "kill-job" }),
    "faults[0]: kill-job before the 1st job.issue of job 1 (customer->api): its customer does not know of a job yet",
    "allowed here are lost, ",
  ),
  schedule(
    "a job that the workload has not",
    faultAt({ job: 2 }, { kind: "lost" }),
    "faults[0].at.job: the workload has no job 2, it has 1",
  ),
  schedule(
    "an operation of another link",
    faultAt({ operation: "job.issue" }, { kind: "lost" }),
    "faults[0].at.operation: job.issue is unknown on worker->api; known are ",
  ),
  config(
    "an unknown key of a scenario",
    'config.scenarios[0] = { ...config.scenarios[0], colour: "red" }',
    ["cells"],
    'mine.config.ts:\n  scenarios[0] (web): Unrecognized key: "colour"',
  ),
  config(
    "an unknown kind of statement",
    'config.scenarios[0] = { ...config.scenarios[0], statement: { kind: "merge" } }',
    ["cells"],
    'scenarios[0].statement.kind (web): Invalid option: expected one of "select"|',
  ),
  config(
    "an unknown kind of destination",
    'config.scenarios[0] = { ...config.scenarios[0], output: { kind: "ftp" } }',
    ["cells"],
    "scenarios[0].output.kind (web): expected one of web, ",
  ),
  config(
    "a customer that is by mistake another's",
    "config.customers.hdp2 = config.customers.cdh4",
    ["run"],
    "customers.hdp2: has the account of customers.cdh4",
    "give each its own",
  ),
  config(
    "a worker that is called like another component",
    'config.workers["destination-web"] = config.workers["worker-v5"]; delete config.workers["worker-v5"]',
    ["run"],
    "workers.destination-web: is the name of another component of a run",
    "give the worker its own",
  ),
  config(
    "a kind of destination in capitals",
    'config.scenarios[0] = { ...config.scenarios[0], output: { kind: "Web" } }',
    ["run"],
    "scenarios[0].output.kind (web): expected one of web, ",
  ),
  config(
    "a scenario that expects nothing",
    "config.scenarios[0] = { ...config.scenarios[0], ending: undefined }",
    ["run"],
    "scenarios[0].ending (web): ",
  ),
  ...["simulated", "wire"].map((rig) =>
    config(
      `exploring another image on ${rig}`,
      otherImage,
      ["explore", "--rig", rig],
      ...otherRig,
      `the ${rig} rig has no code of it`,
    ),
  ),
  config(
    "exploring a program on simulated",
    'config.workers["worker-v5"] = { ...config.workers["worker-v5"], image: undefined, releases: {}, command: ["my-worker"] }; delete config.workers["worker-v5"].image',
    ["explore", "--rig", "simulated"],
    "worker-v5 current is the program my-worker",
    "--rig containers runs it",
  ),
  config(
    "exploring on simulated without code in this process",
    "delete config.inProcess",
    ["explore", "--rig", "simulated"],
    "the config has no builds as code in this process (inProcess)",
    "--rig containers runs images, programs and URLs",
  ),
  {
    what: "a folder that takes no other, and calls it missing",
    files: () => ({ "good.json": good }),
    argv: ["shrink", "good.json", "--config", shipped, "--out", "/proc/interlock/smallest.json"],
    exit: 64,
    says: ["--out /proc/interlock/smallest.json: cannot be written: EPERM: /proc takes no folder"],
  },
  {
    what: "a store there",
    files: () => ({}),
    argv: ["store", "file:///proc/interlock", "--migrate"],
    exit: 3,
    says: [
      "the store /proc/interlock: expected to be made a store, but EPERM: /proc takes no folder",
      "next: ",
    ],
  },
  history(
    "a history of the old form",
    64,
    (text) => text.replace('"version":2', '"version":1'),
    "bad.jsonl:1: version: 1 is of an older Interlock; this one reads 2",
    "replay its schedule for a new one",
  ),
  history(
    "a history of a later form",
    64,
    (text) => text.replace('"version":2', '"version":3'),
    "bad.jsonl:1: version: 3 was made by a newer Interlock",
    "take the newer one",
  ),
  history(
    "a history that is cut",
    3,
    (text) => text.slice(0, text.lastIndexOf("\n", text.length - 2) + 1),
    "expected the end of the history, but it is cut",
    "next: take the whole file",
  ),
  history(
    "a history that was changed",
    3,
    (text) => text.replace('"rig":"simulated"', '"rig":"simulatde"'),
    "the lines before were changed",
    "next: take the whole file",
  ),
];

describe("is refused, with the place and the next step", () => {
  test.each(all)("$what: exit $exit", async ({ files, argv, exit, says }) => {
    for (const [name, content] of Object.entries(await files())) await place.put(name, content);
    const { exitCode, stdout, stderr } = await place.interlock(...argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: exit, stdout: "" });
    for (const say of says) expect(stderr).toContain(say);
    expect(stderr.match(/^interlock: /gm)).toHaveLength(1);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
