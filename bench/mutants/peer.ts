import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { InProcessSystem, Mutant } from "../../contracts/in-process.ts";
import { loadConfig } from "../../harness/config/load-config.ts";
import { allBroken, judgeHistory } from "../../harness/invariants/judge.ts";
import { killSimulated, runSimulated } from "../../harness/mutants/kill-simulated.ts";
import { parseRunnable } from "../../harness/replay/counterexample.ts";
import { rigs } from "../../harness/rigs/index.ts";
import { needsOf } from "../../harness/rigs/needs.ts";
import { Secrets } from "../../harness/secrets.ts";
import { startApi } from "./api.ts";
import { sampledCalls } from "./calls.ts";
import { allowsIn } from "./document.ts";
import { type Fuzzed, fuzz } from "./fuzz.ts";
import { changesBetween, inferredDocument } from "./inferred.ts";
import { interactions, pactVerifier } from "./pact.ts";

/**
 * Which builds of the API each of these peers finds wrong, among the mutants and the controls:
 *
 *   node bench/mutants/peer.ts PEER... [--every N]
 *
 * With --every each nth build alone. The last line that it prints is one JSON object.
 */

const secrets = new Secrets();
const config = await loadConfig("interlock.config.ts", secrets);
const builds = await config.inProcess?.load();
if (builds === undefined) throw new Error("bench: interlock.config.ts has no builds in process");
const { positionals: names, values: flags } = parseArgs({
  allowPositionals: true,
  options: { every: { type: "string", default: "1" } },
});
const right = "current";
const asked = builds.mutants
  .filter(({ component }) => component === "api")
  .filter((_, i) => i % Number(flags.every) === 0);

function systemOf(api: string): InProcessSystem {
  const system = builds?.system({ api, workers: { v5: right, v6: right } });
  if (system === undefined) throw new Error(`bench: there is no API ${api}`);
  return system;
}

/** Whether a peer finds a build; all say of the right one that nothing is wrong, or the measurement is none. */
type Finds = (build: string) => Promise<boolean>;

interface Peer extends AsyncDisposable {
  finds: Finds;
  /** What it was given, in words. */
  with: string;
}

const calls = 2_000;

/** What the fuzzer's calls came to on the build that was last asked; two peers look at the same. */
const fuzzed = lastOf(async () => {
  const sampled = sampledCalls(calls);
  const allows = allowsIn();
  return (build: string): Promise<Fuzzed> => fuzz(startApi(systemOf(build)), sampled, allows);
});

function lastOf<T>(make: () => Promise<(build: string) => Promise<T>>): (build: string) => Promise<T> {
  let made: Promise<(build: string) => Promise<T>> | null = null;
  let last: { build: string; value: Promise<T> } | null = null;
  return (build) => {
    made ??= make();
    const run = made;
    if (last?.build !== build) last = { build, value: run.then((ask) => ask(build)) };
    return last.value;
  };
}

const nothing = async (): Promise<void> => {};

const peers: Readonly<Record<string, () => Promise<Peer>>> = {
  fuzz: async () => {
    const { answers } = await fuzzed(right);
    const well = new Set(answers.filter(({ status }) => status === 200).map(({ operation }) => operation));
    return {
      finds: async (build) => (await fuzzed(build)).findings.size > 0,
      with: `${calls.toLocaleString("en")} calls, of which the right build answers some of ${well.size} operations with 200`,
      [Symbol.asyncDispose]: nothing,
    };
  },
  diff: async () => {
    const folder = await mkdtemp(join(tmpdir(), "interlock-diff-"));
    const documentOf = async (build: string) => inferredDocument((await fuzzed(build)).answers);
    const old = await documentOf(right);
    return {
      finds: async (build) => (await changesBetween(folder, old, await documentOf(build))) > 0,
      with: `documents inferred from the replies to the fuzzer's ${calls.toLocaleString("en")} calls`,
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
    };
  },
  pact: async () => {
    const folder = await mkdtemp(join(tmpdir(), "interlock-pact-"));
    const verifier = await pactVerifier(folder);
    return {
      finds: async (build) => !(await verifier.verify(() => startApi(systemOf(build)))),
      with: `${interactions} interactions of the four contracts of workers, each with its provider state; customers have none`,
      [Symbol.asyncDispose]: async () => {
        await verifier[Symbol.asyncDispose]();
        await rm(folder, { recursive: true });
      },
    };
  },
  interlock: async () => ({
    finds: isFound,
    with: "the schedule that is kept of each kill, run again on the simulated rig, else looked for from nothing; controls: their usual workloads and the probe",
    [Symbol.asyncDispose]: nothing,
  }),
};

/** A mutant by its own invariant, by the schedule that is kept or one that is found now; a control, or the right build, by anything at all. */
async function isFound(id: string): Promise<boolean> {
  const rightOne = {
    id,
    component: "api",
    source: "",
    description: "",
    invariant: null,
    minimalFaults: 0,
  } as const;
  const one: Mutant = asked.find((mutant) => mutant.id === id) ?? rightOne;
  const { invariant } = one;
  const options = { config, secrets, runsFolder: "", note: () => {} };
  if (invariant === null)
    return (await runSimulated(one, options)).some(
      ({ events }) => allBroken(judgeHistory(events)).length > 0,
    );
  const file = `suites/trust/kills/kept/${id}.json`;
  const { schedule } = parseRunnable(await readFile(file, "utf8"), file);
  const simulated = await rigs.simulated();
  await using rig = await simulated.open(needsOf(schedule, config), options);
  const runs = await rig.run([schedule]);
  const isKept = runs.some(({ events }) =>
    allBroken(judgeHistory(events)).some((broken) => broken.invariant === invariant),
  );
  return isKept || (await killSimulated(one, options)).verdict === "killed";
}

await using all = new AsyncDisposableStack();
const asking: { name: string; peer: Peer; millis: number; found: string[] }[] = [];
for (const name of names) {
  const make = peers[name];
  if (make === undefined) throw new Error(`bench: expected ${Object.keys(peers).join(", ")}, got ${name}`);
  const peer = all.use(await make());
  if (await peer.finds(right)) throw new Error(`bench: ${name} finds the right build wrong; run it by hand`);
  asking.push({ name, peer, millis: 0, found: [] });
}
for (const [i, { id }] of asked.entries()) {
  for (const one of asking) {
    const began = performance.now();
    if (await one.peer.finds(id)) one.found.push(id);
    one.millis += performance.now() - began;
  }
  process.stderr.write(`${i + 1} of ${asked.length}\n`);
}
const told = asking.map(({ name, peer, millis, found }) => ({
  peer: name,
  with: peer.with,
  seconds: Math.round(millis / 1_000),
  found,
}));
console.log(JSON.stringify(told));
