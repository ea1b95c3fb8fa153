import type { KeyObject } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { loadSettings, type Settings } from "../../harness/config/load-config.ts";
import { publicKey } from "../../harness/evidence/dsse.ts";
import { configDigest, harnessDigest } from "../../harness/evidence/inputs.ts";
import { writeEvidence } from "../../harness/evidence/write.ts";
import { type Decision, decide } from "../../harness/gate/decide.ts";
import { gather } from "../../harness/gate/gather.ts";
import { planOf } from "../../harness/gate/plan.ts";
import { type Build, parseDeployed } from "../../harness/gate/policy.ts";
import type { AttestedBuild } from "../../harness/history/event.ts";
import { keepHistory } from "../../harness/history/write.ts";
import type { Shard } from "../../harness/matrix/shards.ts";
import { sha256 } from "../../harness/secrets.ts";
import { options } from "../trust/mutant-builds.ts";
import { judged, runOf, type ToldMatrix } from "../trust/told-matrix.ts";
import { asInContainers, images } from "./as-in-containers.ts";

/** Evidence of matrices of this process, kept as runs in containers keep theirs. They begin at the epoch. */

const ownConfig = "interlock.config.ts";
const settings: Promise<Settings> = loadSettings(ownConfig);
export const hourMs = 3_600_000;

export interface Kept {
  folder: string;
  builds: readonly AttestedBuild[];
}

interface How {
  key?: KeyObject | null;
  shard?: Shard | null;
  attempt?: number;
  /** The config's file. */
  config?: string;
}

export async function keep(
  told: ToldMatrix,
  within: string,
  { key = null, shard = null, attempt = 1, config: file = ownConfig }: How = {},
): Promise<Kept> {
  const folder = await mkdtemp(join(within, "run-"));
  const seen = asInContainers(told.events, folder.slice(-10));
  const { events } = await keepHistory({ folder, secrets: options.secrets }, seen);
  const { config } = await (file === ownConfig ? settings : loadSettings(file));
  const { builds, schedule } = runOf(events);
  await writeEvidence({
    folder,
    events,
    result: judged({ ...told, events }),
    images,
    inputs: { harness: await harnessDigest(), config: configDigest(config, schedule.releases) },
    attempt,
    shard,
    key,
  });
  return { folder, builds };
}

interface Asked {
  keys?: readonly string[];
  /** Only these; all by default. */
  scenarios?: readonly string[];
  /** Whether the probe is required. */
  probe?: boolean;
}

/** What the gate says an hour later of an API that is tried anew, where the builds of a run are what is live. */
export async function askGate(
  place: string,
  { builds }: Kept,
  { keys = [], scenarios, probe = false }: Asked = {},
): Promise<Decision> {
  const { config, secrets } = await settings;
  const asked = config.scenarios.filter(({ name }) => scenarios?.includes(name) ?? true);
  // A run is of the whole config, also where only a part of it is asked for.
  const { configOf } = planOf({ config, secrets });
  const plan = { ...planOf({ config: { ...config, scenarios: asked }, secrets }), configOf };
  const digests = [...plan.scenarios].map(([cell, text]) => [cell, sha256(text)]);
  const cells = { cells: [...plan.scenarios.keys()], scenarios: Object.fromEntries(digests) };
  const policy = { schema: 1, ...cells, probe, keys };
  const deployed = parseDeployed(
    JSON.stringify({ schema: 1, at: new Date(0).toISOString(), builds, policy }),
    "deployed",
  );
  const candidate = deployed.builds.filter(({ component }) => component === "api") as Build[];
  const { proofs, damaged } = await gather([place], candidate, {
    keys: keys.map((pem) => publicKey(pem, "key")),
    live: deployed.builds,
    note: () => {},
  });
  return decide({
    now: hourMs,
    deployed,
    candidate,
    known: [],
    overrides: [],
    plan,
    harness: await harnessDigest(),
    proofs,
    costs: [],
    damaged,
  });
}
